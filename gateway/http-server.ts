import { createServer, type RequestListener, type Server } from 'node:http'
import { limits } from '@sightline/protocol/limits'
import type { RequestError } from '@sightline/protocol/errors'
import type { GatewayConfig } from './gateway-config.ts'
import { refusal, writeRefusal } from './request-error.ts'

/** ms between looks for connections whose time is over. */
const checkMs = 500

/** Why Node gave up on a connection, in our words. */
const errorOfCode: Record<string, RequestError> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
}

/**
 * An HTTP server on which a slow, silent or senseless peer can hold little, and not for long: deadlines for headers
 * and bodies, a bound on connections, and a typed answer to what is not HTTP.
 */
export function gatewayHttpServer(
  config: GatewayConfig,
  listener: RequestListener,
  onRefused: (error: RequestError) => void,
): Server {
  const options = {
    headersTimeout: config.upgradeMsMax,
    requestTimeout: Math.max(config.upgradeMsMax, config.beaconMsMax),
    connectionsCheckingInterval: Math.min(checkMs, config.upgradeMsMax),
    maxHeaderSize: limits.httpHeaderBytesMax,
    noDelay: true,
  }
  const server = createServer(options, listener)
  server.maxConnections = config.connectionsMax + limits.httpConnectionsMax
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    const code = errorOfCode[error.code ?? ''] ?? 'bad-request'
    onRefused(code)
    writeRefusal(socket, refusal(code))
  })
  return server
}
