import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { closures } from '@sightline/protocol/errors'
import { limits } from '@sightline/protocol/limits'
import { WebSocketServer, type WebSocket } from 'ws'
import { isOwnOrigin, type Authorize } from './authorization.ts'
import type { LiveHub } from './live-hub.ts'
import { parseViewerMessage } from './viewer-message.ts'

/** Path of the viewer sockets. */
export const viewerPath = '/api/v1/live'

/** Accepts viewer sockets on an HTTP server, and hands their messages to the hub. */
export class ViewerServer {
  private readonly hub: LiveHub
  private readonly authorize: Authorize
  private readonly sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.viewerTextBytesMax,
    clientTracking: true,
  })
  private heartbeat: NodeJS.Timeout | undefined

  constructor({ hub, authorize }: { hub: LiveHub; authorize: Authorize; now: () => number }) {
    this.hub = hub
    this.authorize = authorize
  }

  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const refusal = this.refusalOf(request)
      if (refusal !== null) {
        socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
        return
      }
      this.sockets.handleUpgrade(request, socket, head, (viewer) => this.accept(viewer))
    })
    this.heartbeat = setInterval(() => this.beat(), limits.heartbeatMs)
    this.heartbeat.unref()
  }

  close(): void {
    clearInterval(this.heartbeat)
    for (const socket of this.sockets.clients) socket.close(closures.closing.code, 'closing')
    this.sockets.close()
  }

  private refusalOf(request: IncomingMessage): string | null {
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== viewerPath) return '404 Not Found'
    if (!this.authorize(request)) return '401 Unauthorized'
    if (!isOwnOrigin(request)) return '403 Forbidden'
    if (this.sockets.clients.size >= limits.viewersMax) return '429 Too Many Requests'
    return null
  }

  private accept(socket: WebSocket): void {
    const seat = this.hub.admit(socket)
    let answered = true
    socket.on('pong', () => (answered = true))
    Object.assign(socket, {
      // Two heartbeats without an answer: the peer is gone and its socket half open.
      beat: () => {
        if (!answered) socket.terminate()
        answered = false
        socket.ping()
      },
    })
    socket.on('message', (data, isBinary) => {
      const message = isBinary ? null : parseViewerMessage(String(data))
      if (message === null) socket.close(closures.policy.code, 'policy')
      else if (!seat.take(message)) socket.close(closures.policy.code, 'unknown site')
    })
    socket.on('close', () => seat.leave())
    socket.on('error', () => socket.terminate())
  }

  private beat(): void {
    for (const socket of this.sockets.clients) (socket as WebSocket & { beat?: () => void }).beat?.()
  }
}
