import {
  encodeFrame,
  type FrameHeader,
  type PointColumns,
  type RingSecond,
  type ViewerMessage,
} from '@sightline/protocol/live-frames'
import { limits } from '@sightline/protocol/limits'
import type { WebSocket } from 'ws'
import type { SimulatedPoint, SimulatedTraffic } from './simulated-traffic.ts'

export interface ViewerOptions {
  /** Send one point in so many. */
  sampledOneIn: number
  /** A site that has never had an event. */
  empty: boolean
}

/** One connected dashboard; the faults of a real server can be played on it. */
export class SimulatedViewer {
  readonly socket: WebSocket
  paused = false
  /** Frames are left out: the page must become stale. */
  silent = false
  /** The next frame pretends to follow another one. */
  breakChain = false
  /** The next frame tells this gap. */
  nextGap: NonNullable<FrameHeader['gap']> | null = null
  skippedPoints = 0
  /** What was received, newest last. */
  readonly messages: ViewerMessage[] = []
  private readonly traffic: SimulatedTraffic
  private readonly options: ViewerOptions
  private view: Extract<ViewerMessage, { type: 'subscribe' }> | null = null
  private sequence = 0
  private position = 0
  private cursor: string | null = null
  private pending: SimulatedPoint[] = []
  private slicesMs = 0

  constructor(socket: WebSocket, traffic: SimulatedTraffic, options: ViewerOptions) {
    this.socket = socket
    this.traffic = traffic
    this.options = options
  }

  take(message: ViewerMessage): void {
    if (message.type !== 'seen' || this.messages.length < 1_000) this.messages.push(message)
    if (message.type === 'subscribe') {
      this.view = message
      this.sequence = 0
      this.pending = []
      if (message.cursor === null) this.snapshot()
      else this.cursor = message.cursor
    } else if (message.type === 'pause') this.paused = true
    else if (message.type === 'resume') this.paused = false
  }

  frame(nowMs: number, closed: RingSecond[]): void {
    if (this.view === null || this.paused || this.silent) return
    const { page, layout } = this.view
    const oneIn = this.options.sampledOneIn
    this.traffic.fresh.forEach((point, i) => {
      if (
        i % oneIn === 0 &&
        (page === null || point.page === page) &&
        (layout === null || point.layout === layout)
      )
        this.pending.push(point)
    })
    const points = this.options.empty ? [] : this.pending.splice(0, limits.framePointsMax)
    this.pending = []
    const slices: Partial<FrameHeader> = {}
    if (closed.length > 0 && !this.options.empty) slices.ring = closed
    if (nowMs - this.slicesMs >= 200) {
      this.slicesMs = nowMs
      Object.assign(slices, this.slices(nowMs))
    }
    this.send('delta', nowMs, points, slices)
  }

  private snapshot(): void {
    const nowMs = Date.now()
    const ring = this.options.empty ? [] : [...this.traffic.ring.values()]
    this.send('snapshot', nowMs, [], { ring, ...this.slices(nowMs) })
  }

  private send(
    type: FrameHeader['type'],
    nowMs: number,
    points: readonly SimulatedPoint[],
    slices: Partial<FrameHeader>,
  ): void {
    this.sequence++
    this.position++
    const pages = [...new Set(points.map((point) => point.page))]
    const to = `p${this.position}`
    const header: FrameHeader = {
      type,
      sequence: this.sequence,
      from: type === 'snapshot' ? null : this.breakChain ? 'elsewhere' : this.cursor,
      to,
      ...(this.nextGap === null ? {} : { gap: this.nextGap }),
      atMs: nowMs,
      newestRecordMs: this.options.empty ? 0 : nowMs - 24,
      ...slices,
      pointPages: pages,
      points: points.length,
      sampledOneIn: this.options.sampledOneIn,
      skippedPoints: this.skippedPoints,
    }
    this.breakChain = false
    this.nextGap = null
    this.skippedPoints = 0
    this.cursor = to
    this.socket.send(encodeFrame(header, columns(points, pages, nowMs)))
  }

  private slices(nowMs: number): Partial<FrameHeader> {
    const { traffic } = this
    if (this.options.empty) {
      return {
        numbers: {
          activeSessions: 0,
          eventsPerSecond: 0,
          clicksPerSecond: 0,
          lagP50Ms: null,
          lagP99Ms: null,
          lostEvents: 0,
          sealedEvents: 0,
          countedEvents: 0,
        },
      }
    }
    const counted = traffic.counted
    return {
      numbers: traffic.numbers(nowMs),
      buttons: traffic.buttons(),
      pages: traffic.pages(),
      edges: traffic.edgeList(),
      sessions: traffic.sessions(),
      stages: traffic.stages(),
      ledger: {
        received: counted + 420,
        counted,
        duplicate: 420,
        tooOld: 0,
        excluded: 0,
        deadLettered: 0,
        sealed: counted + 180,
        missing: 180,
        inFlight: 180,
        lost: 0,
        lostRing: 0,
        lostRefused: 0,
        thinned: 0,
        lanes: 812,
        lanesFinished: 570,
        balanced: true,
      },
      flushMs: 50,
    }
  }
}

function columns(points: readonly SimulatedPoint[], pages: readonly string[], nowMs: number): PointColumns {
  return {
    count: points.length,
    x: Uint32Array.from(points, (point) => point.x),
    y: Uint32Array.from(points, (point) => point.y),
    session: Uint32Array.from(points, (point) => point.session),
    age: Uint16Array.from(points, (point) => Math.min(65_535, Math.max(0, nowMs - point.atMs))),
    viewport: Uint16Array.from(points, (point) => point.viewport),
    page: Uint16Array.from(points, (point) => pages.indexOf(point.page)),
    kind: Uint8Array.from(points, (point) => point.kind),
  }
}
