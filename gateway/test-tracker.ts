import { WebSocket } from 'ws'
import { BatchEncoder } from '@sightline/protocol/batch-encoder'
import { parseServerText } from '@sightline/protocol/delivery'
import { shop, type TestGateway } from './test-gateway.ts'

const t0 = 1_764_000_000_000

/** Makes batches of one session and lane, for tests. */
export class TestLane {
  private readonly encoder = new BatchEncoder()
  private seq = 0
  private ev0 = 0

  constructor(
    readonly session: Uint8Array = crypto.getRandomValues(new Uint8Array(16)),
    private readonly site = shop.id,
    private readonly lane = 7,
  ) {}

  /** The next batch: `events` moves. */
  batch(events = 10): Uint8Array {
    this.encoder.begin(t0)
    for (let i = 0; i < events; i++) this.encoder.move(t0 + i * 10, 100 + i * 3, 200 + i)
    this.seq++
    const bytes = this.encoder.seal({
      session: this.session,
      lane: this.lane,
      seq: this.seq,
      ev0: this.ev0,
      clockOff: 0,
      clockRtt: 1,
      page: '/product/7',
      pv: 1,
      vw: 1280,
      vh: 800,
      dh: 3_000,
      lostRing: 0,
      lostRefused: 0,
      thinned: 0,
      flags: 0,
      site: this.site,
    })
    this.ev0 += events
    return bytes
  }

  batches(count: number): Uint8Array[] {
    return Array.from({ length: count }, () => this.batch())
  }
}

/** How a test connects; by default as a page of the shop. */
export interface TestTrackerOptions {
  key?: string
  origin?: string
}

/** A tracker without a browser: sends what it is told, remembers what it hears. */
export class TestTracker {
  /** Every text frame heard. */
  readonly texts: string[] = []
  /** Last k of `settled k`, and the refused ordinals with their codes. */
  settled = 0
  readonly refused = new Map<number, string>()
  readonly flushes: number[] = []
  readonly pongs: { echo: string; atMs: number }[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  private readonly waiting = new Set<() => void>()

  private constructor(readonly socket: WebSocket) {
    const closed = Promise.withResolvers<{ code: number; reason: string }>()
    this.closed = closed.promise
    socket.on('message', (data: Buffer) => this.hear(data.toString()))
    socket.on('close', (code, reason) => closed.resolve({ code, reason: reason.toString() }))
    socket.on('error', () => {})
  }

  static async connect(gateway: TestGateway, options: TestTrackerOptions = {}): Promise<TestTracker> {
    const { key = shop.writeKey, origin = shop.origins[0] } = options
    const socket = new WebSocket(`${gateway.webSocketUrl}?key=${key}`, { origin, perMessageDeflate: false })
    const tracker = new TestTracker(socket)
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return tracker
  }

  send(...batches: Uint8Array[]): void {
    for (const batch of batches) this.socket.send(batch)
  }

  text(text: string): void {
    this.socket.send(text)
  }

  /** Resolves when `condition` holds; looked at whenever something was heard. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiting.add(resolve))
  }

  /** Asks for an acknowledgement and waits until `k` batches are settled. */
  async settle(k: number): Promise<void> {
    this.text('settle')
    await this.until(() => this.settled >= k)
  }

  close(): void {
    this.socket.close()
  }

  private hear(text: string): void {
    this.texts.push(text)
    const heard = parseServerText(text)
    if (heard?.type === 'settled') {
      if (heard.count < this.settled) throw new Error(`settled fell from ${this.settled} to ${heard.count}`)
      this.settled = heard.count
      for (const { ordinal, refusal } of heard.refused) {
        if (this.refused.has(ordinal)) throw new Error(`ordinal ${ordinal} was refused twice`)
        this.refused.set(ordinal, refusal)
      }
    } else if (heard?.type === 'flush') this.flushes.push(heard.intervalMs)
    else if (heard?.type === 'pong') this.pongs.push({ echo: heard.echo, atMs: heard.serverMs })
    else throw new Error(`not a server text: ${text}`)
    for (const resolve of this.waiting) resolve()
    this.waiting.clear()
  }
}
