import { parseServerText } from '@sightline/protocol/delivery'
import { limits } from '@sightline/protocol/limits'
import type { Batcher } from './batcher.ts'
import type { Clock } from './clock.ts'
import type { Ring, SealedBatch } from './ring.ts'

const firstRetryMs = 500
const lastRetryMs = 30_000
/** Bytes waiting in the browser's own buffer beyond which nothing more is sent. */
const bufferedBytesMax = 65_536
/** The clock is measured when the connection opens and after these waits, ms; then every fifteen seconds. */
const pingsMs = [1_000, 2_000]
const pingEveryMs = 15_000

/**
 * Delivers sealed batches, in order, over one WebSocket. The gateway settles them by ordinal: of the first k batches
 * sent on this connection each is durable or refused for good. What isn't settled when a connection ends is sent again
 * on the next one, to any gateway; copies are recognised there.
 *
 *   waiting → connecting → open → (closed) → waiting, with a random delay that grows until something is settled
 */
export class Connection {
  private socket: WebSocket | null = null
  /** Batches sent on this connection and not settled, oldest first. */
  private sent: SealedBatch[] = []
  private settledCount = 0
  private attempts = 0
  private timers: ReturnType<typeof setTimeout>[] = []
  private stopped = false

  private readonly url: string
  private readonly ring: Ring
  private readonly batcher: Batcher
  private readonly clock: Clock

  constructor(url: string, ring: Ring, batcher: Batcher, clock: Clock) {
    this.url = url
    this.ring = ring
    this.batcher = batcher
    this.clock = clock
  }

  open(): void {
    if (this.socket || this.stopped) return
    const socket = new WebSocket(this.url)
    this.socket = socket
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => {
      this.clock.forget()
      this.ping(0)
      this.send()
    }
    socket.onmessage = (event) => this.onText(String(event.data))
    socket.onclose = (event) => {
      // A connection that close() has ended says nothing about the one after it.
      if (this.socket === socket) this.onClose(event.reason)
    }
  }

  /** Sends what hasn't been sent on this connection, as far as buffers and the ring's bound allow. */
  send(): void {
    const { socket } = this
    if (socket?.readyState !== WebSocket.OPEN) return
    for (const batch of this.ring.all()) {
      if (socket.bufferedAmount > bufferedBytesMax || this.sent.length >= limits.ringBatchesMax) return
      if (this.sent.includes(batch)) continue
      this.sent.push(batch)
      socket.send(batch.bytes)
    }
  }

  /** Ends the connection: an open socket would keep the page out of the back/forward cache. */
  close(): void {
    this.stopped = true
    this.socket?.close()
    this.forget()
  }

  /** After close(): the page came back. */
  reopen(): void {
    this.stopped = false
    this.open()
  }

  private onText(text: string): void {
    const message = parseServerText(text)
    if (!message) return
    if (message.type === 'settled') this.settle(message.count, message.refused)
    else if (message.type === 'flush') this.batcher.flushMs = message.intervalMs
    else if (message.type === 'pong') this.clock.sample(Number(message.echo), performance.now(), message.serverMs)
  }

  private settle(count: number, refused: readonly { ordinal: number }[]): void {
    if (count > this.settledCount + this.sent.length) return // more than was sent: not ours to believe
    for (const { ordinal } of refused) {
      const batch = this.sent[ordinal - this.settledCount - 1]
      if (batch) this.batcher.lostRefused += batch.events
    }
    for (const batch of this.sent.splice(0, count - this.settledCount)) this.ring.remove(batch)
    this.settledCount = count
    this.attempts = 0
    this.send()
  }

  private onClose(reason: string): void {
    this.forget()
    if (this.stopped) return
    const grown = Math.min(lastRetryMs, firstRetryMs * 2 ** this.attempts++)
    // Full jitter, so that many trackers don't return at the same moment; not before the gateway wants them back.
    const asked = Number(reason.split(' ')[1]) || 0
    this.later(asked + Math.random() * grown, () => this.open())
  }

  private forget(): void {
    this.timers.forEach(clearTimeout)
    this.timers = []
    this.socket = null
    this.sent = []
    this.settledCount = 0
  }

  private ping(count: number): void {
    this.socket?.send('ping ' + performance.now().toFixed(1))
    this.later(pingsMs[count] ?? pingEveryMs, () => this.ping(count + 1))
  }

  private later(ms: number, run: () => void): void {
    this.timers.push(setTimeout(run, ms))
  }
}
