import { closures } from '@sightline/protocol/errors'
import { limits } from '@sightline/protocol/limits'
import type { ViewerMessage } from '@sightline/protocol/live-frames'
import { reconnectDelay } from './reconnect-delay.ts'
import type { ConnectionState, LiveView } from './worker-messages.ts'

/** What the connection needs of a socket; the browser's WebSocket fits. */
export interface LiveSocket {
  binaryType: BinaryType
  onopen: ((event: Event) => void) | null
  onmessage: ((event: MessageEvent) => void) | null
  onclose: ((event: CloseEvent) => void) | null
  send(text: string): void
  close(): void
}

export interface ConnectionParts {
  openSocket(): LiveSocket
  /** Epoch ms. */
  now(): number
  /** In [0, 1). */
  random(): number
  setTimer(run: () => void, delayMs: number): number
  clearTimer(timer: number): void
  /** Position to resume from; null for a snapshot. */
  cursor(): string | null
  /** A subscription begins; `fresh` when it is to begin with a snapshot. */
  onSubscribe(fresh: boolean): void
  onFrame(buffer: ArrayBuffer): void
  onState(state: ConnectionState): void
}

/**
 * The socket to a live server, and coming back to it.
 *
 *   start ──▶ connecting ──open──▶ open ──close, silence──▶ waiting ──delay──▶ connecting …
 *                                   │ ▲
 *                              pause│ │resume (connects again when the socket was lost meanwhile)
 *                                   ▼ │
 *                                 paused
 *   close 4001 in any state ──▶ unauthorized (the end)
 */
export class LiveConnection {
  private readonly parts: ConnectionParts
  private socket: LiveSocket | null = null
  private isOpen = false
  private view: LiveView | null = null
  private paused = false
  private ended = false
  private everOpen = false
  private attempt = 0
  private timer: number | null = null

  constructor(parts: ConnectionParts) {
    this.parts = parts
  }

  start(view: LiveView): void {
    this.view = view
    this.connect()
  }

  /** Looks at something else; begins with a snapshot. */
  changeView(view: LiveView): void {
    this.view = view
    this.resubscribe()
  }

  /** Asks for a snapshot of the same view. */
  resubscribe(): void {
    if (this.isOpen) this.subscribe(null)
  }

  pause(): void {
    if (this.paused || this.ended) return
    this.paused = true
    this.stopTimer()
    if (this.isOpen) this.send({ type: 'pause' })
    else this.drop()
    this.parts.onState({ status: 'paused' })
  }

  resume(): void {
    if (!this.paused || this.ended) return
    this.paused = false
    if (!this.isOpen) {
      this.connect()
      return
    }
    this.send({ type: 'resume', cursor: this.parts.cursor() })
    this.parts.onSubscribe(this.parts.cursor() === null)
    this.watchSilence()
    this.parts.onState({ status: 'open' })
  }

  /** The frame with this number, and all before it, have been drawn. */
  seen(sequence: number): void {
    if (this.isOpen) this.send({ type: 'seen', sequence })
  }

  /** A frame that can't be read: the stream is broken, begin a new one. */
  fault(): void {
    this.lost(0)
  }

  private connect(): void {
    if (this.ended || this.view === null) return
    this.stopTimer()
    const socket = this.parts.openSocket()
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => this.opened()
    socket.onmessage = (event) => this.received(event.data)
    socket.onclose = (event) => this.lost(event.code)
    this.socket = socket
    this.timer = this.parts.setTimer(() => this.lost(0), limits.dashboardConnectMsMax)
    this.parts.onState({ status: 'connecting', everOpen: this.everOpen })
  }

  private opened(): void {
    this.isOpen = true
    this.everOpen = true
    this.subscribe(this.parts.cursor())
    this.watchSilence()
    this.parts.onState({ status: 'open' })
  }

  private received(data: unknown): void {
    if (!(data instanceof ArrayBuffer) || this.paused) return
    this.attempt = 0
    this.watchSilence()
    this.parts.onFrame(data)
  }

  private subscribe(cursor: string | null): void {
    if (this.view === null) return
    this.parts.onSubscribe(cursor === null)
    this.send({ type: 'subscribe', ...this.view, cursor })
  }

  private lost(code: number): void {
    this.drop()
    if (code === closures.unauthorized.code) {
      this.ended = true
      this.parts.onState({ status: 'unauthorized' })
      return
    }
    if (this.paused || this.ended) return
    const delay = reconnectDelay(this.attempt, this.parts.random())
    this.attempt++
    this.timer = this.parts.setTimer(() => this.connect(), delay)
    this.parts.onState({
      status: 'waiting',
      everOpen: this.everOpen,
      retryAtMs: this.parts.now() + delay,
      code,
    })
  }

  /** A half-open socket says nothing for ever; a live server always has something to say. */
  private watchSilence(): void {
    this.stopTimer()
    this.timer = this.parts.setTimer(() => this.lost(0), limits.dashboardSilentMsMax)
  }

  private drop(): void {
    this.stopTimer()
    const socket = this.socket
    this.socket = null
    this.isOpen = false
    if (socket === null) return
    socket.onopen = null
    socket.onmessage = null
    socket.onclose = null
    socket.close()
  }

  private stopTimer(): void {
    if (this.timer !== null) this.parts.clearTimer(this.timer)
    this.timer = null
  }

  private send(message: ViewerMessage): void {
    this.socket?.send(JSON.stringify(message))
  }
}
