import { parseServerText } from '@sightline/protocol/delivery'
import { WebSocket } from 'ws'

/** A sealed batch on its way. */
export interface WireBatch {
  bytes: Uint8Array
  events: number
  /** When it was first sent, ms, any clock. */
  sentMs: number
}

export interface TrackerSocketOptions {
  /** `ws://host:port/ingest?key=…` */
  url: string
  origin: string
  now(): number
  /** 0 ≤ x < 1, for the jitter of reconnects. */
  random(): number
  onSettled?(batch: WireBatch, refusal: string | null): void
  onFlush?(intervalMs: number): void
  /** A connection ended by itself; the next one is opened after a while. */
  onLost?(code: number): void
}

const firstRetryMs = 250
const lastRetryMs = 5_000
const handshakeMsMax = 10_000

/**
 * The delivery protocol as a program speaks it: what isn't settled is sent again, in order, on the next connection.
 * The browser's tracker is the other implementation; both follow SPEC.md, rules D.
 */
export class TrackerSocket {
  /** Not settled, oldest first. The caller bounds it by waiting. */
  readonly unsettled: WireBatch[] = []
  connected = false
  reconnects = 0
  /** Why the last attempt to connect failed. */
  failure: string | undefined
  private socket: WebSocket | null = null
  private settledCount = 0
  private attempts = 0
  private closing = false
  private timer: NodeJS.Timeout | undefined
  private readonly options: TrackerSocketOptions

  constructor(options: TrackerSocketOptions) {
    this.options = options
    this.open()
  }

  get bufferedBytes(): number {
    return this.socket?.bufferedAmount ?? 0
  }

  send(bytes: Uint8Array, events: number): void {
    this.unsettled.push({ bytes, events, sentMs: this.options.now() })
    if (this.connected) this.socket?.send(bytes, { binary: true })
  }

  /** Asks for everything to be settled, waits until it is or the time is over, and closes. */
  async finish(timeoutMs: number): Promise<void> {
    const until = this.options.now() + timeoutMs
    while (this.unsettled.length > 0 && this.options.now() < until && !this.closing) {
      if (this.connected) this.socket?.send('settle')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    this.close()
  }

  close(): void {
    this.closing = true
    clearTimeout(this.timer)
    this.socket?.close()
  }

  private open(): void {
    const { url, origin } = this.options
    const socket = new WebSocket(url, { origin, perMessageDeflate: false, handshakeTimeout: handshakeMsMax })
    this.socket = socket
    socket.on('open', () => {
      this.connected = true
      this.settledCount = 0
      for (const batch of this.unsettled) socket.send(batch.bytes, { binary: true })
    })
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.onText(String(data))
    })
    socket.on('close', (code, reason) => this.onClose(code, String(reason)))
    // 'close' follows and says what to do.
    socket.on('error', ({ message }) => (this.failure = message))
  }

  private onText(text: string): void {
    const message = parseServerText(text)
    if (message?.type === 'flush') this.options.onFlush?.(message.intervalMs)
    if (message?.type !== 'settled') return
    const refused = new Map(message.refused.map(({ ordinal, refusal }) => [ordinal, refusal]))
    const count = message.count - this.settledCount
    // A number that falls, or passes what was sent, is none of this protocol's (D2).
    if (count < 0 || count > this.unsettled.length) return
    for (const [i, batch] of this.unsettled.splice(0, count).entries()) {
      this.options.onSettled?.(batch, refused.get(this.settledCount + i + 1) ?? null)
    }
    this.settledCount = message.count
    this.attempts = 0
  }

  private onClose(code: number, reason: string): void {
    this.connected = false
    this.socket = null
    if (this.closing) return
    this.reconnects++
    this.options.onLost?.(code)
    const asked = Number(reason.split(' ')[1]) || 0
    const wait = asked + this.options.random() * Math.min(lastRetryMs, firstRetryMs * 2 ** this.attempts++)
    this.timer = setTimeout(() => this.open(), wait)
  }
}
