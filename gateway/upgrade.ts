import type { IncomingMessage } from 'node:http'
import type { Registry } from '@sightline/engine/registry/registry'
import type { ConnectionTable } from './connection-table.ts'
import type { GatewayConfig } from './gateway-config.ts'
import { refusal, type RequestRefusal } from './request-error.ts'
import { type Allowed, requestUrl, siteOfRequest } from './write-key.ts'

/** Where trackers connect. */
export const ingestPath = '/ingest'

const webSocketKey = /^[+/0-9A-Za-z]{22}==$/

/** What the checks look at beside the request. */
export interface UpgradeChecks {
  registry: Registry
  table: ConnectionTable
  config: GatewayConfig
  /** Not draining, and the log takes records. */
  accepting: () => boolean
}

/** All checks before an upgrade, none of which waits: what the peer did wrong first, then whether there is room. */
export function checkUpgrade(request: IncomingMessage, address: string, checks: UpgradeChecks): Allowed {
  const malformed = handshakeFault(request)
  if (malformed !== null) return { refused: refusal('bad-request', malformed) }
  const url = requestUrl(request.url)
  if (url?.pathname !== ingestPath) {
    return { refused: refusal('bad-request', `WebSockets are served at ${ingestPath} only.`) }
  }
  const allowed = siteOfRequest(checks.registry, url, request.headers.origin)
  if ('refused' in allowed) return allowed
  const full = noRoom(address, checks)
  return full === null ? allowed : { refused: full }
}

function handshakeFault({ method, headers }: IncomingMessage): string | null {
  if (method !== 'GET') return 'A WebSocket begins with GET.'
  if (headers.upgrade?.toLowerCase() !== 'websocket') return 'Only an upgrade to "websocket" is known.'
  if (headers['sec-websocket-version'] !== '13') return 'Sec-WebSocket-Version must be 13.'
  if (!webSocketKey.test(headers['sec-websocket-key'] ?? ''))
    return 'Sec-WebSocket-Key must be 16 bytes in base64.'
  if (headers['sec-websocket-protocol'] !== undefined) return 'No subprotocol is known.'
  return null
}

function noRoom(address: string, { accepting, table, config }: UpgradeChecks): RequestRefusal | null {
  if (!accepting()) return refusal('unavailable')
  if (table.count >= config.connectionsMax) return refusal('too-many')
  if (table.ofAddress(address) >= config.connectionsPerAddressMax) return refusal('too-many')
  return null
}
