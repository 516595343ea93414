import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { splitBeacon } from '@sightline/protocol/beacon'
import { BatchDecoder } from '@sightline/protocol/batch-decoder'
import { WebSocketServer, type WebSocket } from 'ws'
import { buildTracker } from './built-tracker.ts'

/** A batch as it arrived, with what the tests ask about. */
export interface CollectedBatch {
  by: `socket ${number}` | 'beacon'
  bytes: Buffer
  session: string
  lane: number
  seq: number
  ev0: number
  n: number
  page: string
  pv: number
  vw: number
  dh: number
  fin: boolean
  ref: string
  thinned: number
  moves: [x: number, y: number][]
  scrolls: number[]
  clicks: { target: string; x: number; y: number; button: number; ex: number; ey: number }[]
  marks: { kind: number; value: string }[]
}

/**
 * A site and its gateway in one, for tests in a browser: serves the pages a test gives it and the built tracker, takes
 * batches by socket and beacon, and settles nothing unless it is told to. Every batch must be valid.
 */
export class TestCollector {
  readonly batches: CollectedBatch[] = []
  readonly sockets: WebSocket[] = []
  settles = true
  /**
   * Path → HTML; what is not here is a page with nothing but the tracker. The snippet is put in, unless a page starts a
   * tracker itself.
   */
  readonly pages = new Map<string, string>()
  url = ''
  private readonly decoder = new BatchDecoder()
  /** Path → script. */
  private readonly scripts: Map<string, string>
  private readonly server: Server

  private constructor(scripts: Map<string, string>) {
    this.scripts = scripts
    this.server = createServer((request, response) => this.answer(request, response))
    const upgrades = new WebSocketServer({ server: this.server })
    upgrades.on('connection', (socket) => this.accept(socket))
  }

  static async start(): Promise<TestCollector> {
    const scripts = new Map([
      ['/tracker.js', await buildTracker('script')],
      ['/tracker.mjs', await buildTracker('module')],
    ])
    const collector = new TestCollector(scripts)
    await new Promise<void>((resolve) => collector.server.listen(0, '127.0.0.1', resolve))
    collector.url = `http://127.0.0.1:${(collector.server.address() as AddressInfo).port}`
    return collector
  }

  /** The tag that a customer pastes. */
  get snippet(): string {
    return `<script async src="${this.url}/tracker.js" data-key="1-abc"></script>`
  }

  /** Forgets what was collected, and settles again. */
  reset(): void {
    this.batches.length = 0
    this.pages.clear()
    this.settles = true
  }

  /** Every batch once, however many copies came, in the order of their lanes' sequences. */
  get distinct(): CollectedBatch[] {
    const byName = new Map(this.batches.map((batch) => [`${batch.lane} ${batch.seq}`, batch]))
    return [...byName.values()].sort((a, b) => a.seq - b.seq)
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate()
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private accept(socket: WebSocket): void {
    this.sockets.push(socket)
    const by = `socket ${this.sockets.length}` as const
    let ordinal = 0
    socket.send('flush 50')
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return
      this.collect(data, by)
      ordinal++
      if (this.settles) socket.send(`settled ${ordinal}`)
    })
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url!, 'http://collector')
    if (pathname === '/beacon') {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks)
        for (const [start, end] of splitBeacon(body) ?? []) this.collect(body.subarray(start, end), 'beacon')
        response.writeHead(204).end()
      })
    } else if (this.scripts.has(pathname)) {
      response
        .writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8' })
        .end(this.scripts.get(pathname))
    } else {
      const html = this.pages.get(pathname) ?? `<!doctype html><body>${pathname}`
      const starts = html.includes('startTracker') ? '' : this.snippet
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html + starts)
    }
  }

  private collect(bytes: Buffer, by: CollectedBatch['by']): void {
    const batch = this.decoder
    const refusal = batch.read(bytes)
    if (refusal !== null) throw new Error(`the tracker sent a batch that is ${refusal}`)
    const { lane, seq, ev0, n, pv, vw, dh, thinned } = batch
    const list = <T>(count: number, one: (i: number) => T) => Array.from({ length: count }, (_, i) => one(i))
    this.batches.push({
      ...{ by, bytes, lane, seq, ev0, n, pv, vw, dh, thinned },
      session: bytes.toString('hex', batch.sessionStart, batch.sessionStart + 16),
      page: batch.text(batch.pageStart, batch.pageEnd),
      ref: batch.text(batch.refStart, batch.refEnd),
      fin: (batch.flags & 1) === 1,
      moves: list(batch.moveCount, (i): [number, number] => [batch.moveX[i], batch.moveY[i]]),
      scrolls: list(batch.scrollCount, (i) => batch.scrollY[i]),
      clicks: list(batch.clickCount, (i) => ({
        target: batch.text(batch.clickTargetStart[i], batch.clickTargetEnd[i]),
        ...{
          x: batch.clickX[i],
          y: batch.clickY[i],
          button: batch.clickButton[i],
          ex: batch.clickEx[i],
          ey: batch.clickEy[i],
        },
      })),
      marks: list(batch.markCount, (i) => ({
        kind: batch.markKind[i],
        value: batch.text(batch.markValueStart[i], batch.markValueEnd[i]),
      })),
    })
  }
}
