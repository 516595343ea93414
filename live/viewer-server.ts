import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { closures, requestErrors, type RequestError } from '@sightline/protocol/errors'
import { limits } from '@sightline/protocol/limits'
import { WebSocketServer, type WebSocket } from 'ws'
import { isOwnOrigin, type Authorize } from './authorization.ts'
import type { Clock } from './clock.ts'
import type { LiveHub } from './live-hub.ts'
import { parseViewerMessage } from './viewer-message.ts'

/** Path of the viewer sockets. */
export const viewerPath = '/api/v1/live'

export interface ViewerServerOptions {
  hub: LiveHub
  authorize: Authorize
  clock: Clock
}

/** Accepts viewer sockets on an HTTP server, and hands their messages to the hub. */
export class ViewerServer {
  private readonly options: ViewerServerOptions
  private readonly sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.viewerTextBytesMax,
    clientTracking: true,
  })
  /** Sockets that have not answered the last ping. */
  private readonly unanswered = new WeakSet<WebSocket>()
  private heartbeat: NodeJS.Timeout | undefined
  private closing = false

  constructor(options: ViewerServerOptions) {
    this.options = options
  }

  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // A peer that resets the connection while it is refused is none of our faults.
      socket.on('error', () => socket.destroy())
      const refused = this.refusalOf(request)
      if (refused !== null) return refuse(socket, refused)
      this.sockets.handleUpgrade(request, socket, head, (viewer) => this.accept(viewer))
    })
    this.heartbeat = setInterval(() => this.beat(), limits.heartbeatMs)
    this.heartbeat.unref()
  }

  /** Takes nobody any more, and asks all to go. */
  close(): void {
    this.closing = true
    clearInterval(this.heartbeat)
    for (const socket of this.sockets.clients) socket.close(closures.closing.code, 'closing')
    this.sockets.close()
  }

  /** Ends what did not go by itself. */
  terminate(): void {
    for (const socket of this.sockets.clients) socket.terminate()
  }

  private refusalOf(request: IncomingMessage): RequestError | null {
    const [path] = (request.url ?? '').split('?', 1)
    if (path !== viewerPath) return 'not-found'
    const authority = this.options.authorize(request)
    if (authority !== 'allowed') return authority
    if (!isOwnOrigin(request)) return 'origin-refused'
    if (this.closing) return 'unavailable'
    if (this.sockets.clients.size >= limits.viewersMax) return 'too-many'
    return null
  }

  private accept(socket: WebSocket): void {
    const seat = this.options.hub.admit(socket)
    const rate = new MessageRate(this.options.clock)
    socket.on('pong', () => this.unanswered.delete(socket))
    socket.on('message', (data, isBinary) => {
      if (socket.readyState !== socket.OPEN) return
      const message = isBinary ? null : parseViewerMessage(String(data))
      if (message === null) socket.close(closures.policy.code, 'policy')
      else if (!rate.allows()) socket.close(closures.policy.code, 'too many messages')
      else if (!seat.take(message)) socket.close(closures.policy.code, 'unknown site')
    })
    socket.on('close', () => seat.leave())
    socket.on('error', () => socket.terminate())
  }

  private beat(): void {
    for (const socket of this.sockets.clients) {
      // Two heartbeats without an answer: the peer is gone and its socket half open.
      if (this.unanswered.has(socket)) socket.terminate()
      else {
        this.unanswered.add(socket)
        socket.ping()
      }
    }
  }
}

/** Messages of one viewer in the present second. */
class MessageRate {
  private readonly clock: Clock
  private sinceMs = -Infinity
  private messages = 0

  constructor(clock: Clock) {
    this.clock = clock
  }

  allows(): boolean {
    const nowMs = this.clock.monotonicMs()
    if (nowMs - this.sinceMs >= 1_000) {
      this.sinceMs = nowMs
      this.messages = 0
    }
    return ++this.messages <= limits.viewerMessagesPerSecondMax
  }
}

/** Answers an upgrade that is not done. */
function refuse(socket: Duplex, error: RequestError): void {
  const { status, meaning } = requestErrors[error]
  const body = JSON.stringify({ error, message: meaning })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    'Cache-Control: no-store',
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
