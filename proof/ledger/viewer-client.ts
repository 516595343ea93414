import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  decodeFrame,
  type FrameHeader,
  type Ledger,
  type Numbers,
  type ViewerMessage,
} from '@sightline/protocol/live-frames'
import { WebSocket } from 'ws'

const reconnectMs = 50
const pollMs = 20

/**
 * A viewer without a screen: it subscribes, acknowledges what it is sent, and keeps account of what a person would have
 * seen. Each frame has to continue the one before, also over a reconnect to another live server.
 */
export class ViewerClient {
  /** `to` of the last frame. */
  cursor: string | null = null
  frames = 0
  snapshots = 0
  reconnects = 0
  /** Points shown. */
  points = 0
  /** Points that the server said it left out, or may have: then `points` is no longer all of them. */
  skippedPoints = 0
  sampled = false
  /** Gaps that were told. */
  readonly gaps: NonNullable<FrameHeader['gap']>[] = []
  /** Gaps that were not: a frame that does not continue the one before. */
  readonly breaks: string[] = []
  numbers: Numbers | null = null
  ledger: Ledger | null = null
  private readonly site: number
  private socket: WebSocket | null = null
  private leaving = false

  /** `liveUrls`: the servers it may use, in the order in which it tries them. */
  constructor(
    private readonly liveUrls: string[],
    site = 1,
  ) {
    this.site = site
  }

  /** Connects to the first server, and from then on to the next one whenever a connection ends. */
  async open(server = 0): Promise<void> {
    const socket = new WebSocket(`${this.liveUrls[server].replace('http', 'ws')}/api/v1/live`, {
      perMessageDeflate: false,
    })
    socket.binaryType = 'arraybuffer'
    this.socket = socket
    socket.on('error', () => {}) // 'close' follows
    socket.on('close', () => void this.reopen((server + 1) % this.liveUrls.length))
    socket.on('message', (data) => this.take(data as ArrayBuffer))
    socket.on('open', () => {
      this.say({ type: 'subscribe', site: this.site, page: null, layout: null, cursor: this.cursor })
    })
    await Promise.race([once(socket, 'open'), once(socket, 'close')])
  }

  /** Resolves when it has been shown so many counted events. */
  async shown(countedEvents: number, msMax = 15_000): Promise<void> {
    const until = performance.now() + msMax
    while ((this.numbers?.countedEvents ?? 0) < countedEvents) {
      if (performance.now() > until) {
        throw new Error(
          `shown ${this.numbers?.countedEvents} counted events after ${msMax} ms, not ${countedEvents}`,
        )
      }
      await sleep(pollMs)
    }
  }

  close(): void {
    this.leaving = true
    this.socket?.close()
  }

  private async reopen(server: number): Promise<void> {
    if (this.leaving) return
    this.reconnects++
    await sleep(reconnectMs)
    if (!this.leaving) await this.open(server)
  }

  private say(message: ViewerMessage): void {
    this.socket?.send(JSON.stringify(message))
  }

  private take(data: ArrayBuffer): void {
    const { header, points } = decodeFrame(data)
    this.frames++
    if (header.type === 'snapshot') {
      this.snapshots++
      if (this.cursor !== null && header.gap === undefined)
        this.breaks.push(`snapshot instead of ${this.cursor}`)
    } else if (header.from !== this.cursor) this.breaks.push(`from ${header.from} instead of ${this.cursor}`)
    if (header.gap !== undefined) this.gaps.push(header.gap)
    this.cursor = header.to
    this.points += points.count
    this.skippedPoints += header.skippedPoints
    this.sampled ||= header.sampledOneIn > 1
    this.numbers = header.numbers ?? this.numbers
    this.ledger = header.ledger ?? this.ledger
    this.say({ type: 'seen', sequence: header.sequence })
  }
}
