import { limits } from '@sightline/protocol/limits'
import type {
  ButtonCount,
  Edge,
  LayoutName,
  Numbers,
  PageCount,
  RingSecond,
  SessionNow,
  StageState,
} from '@sightline/protocol/live-frames'
import { seededRandom } from './random.ts'
import { simulatedPages } from './simulated-site.ts'
import { type SimulatedEvents, SimulatedVisitor } from './simulated-visitor.ts'

export interface SimulatedPoint {
  kind: 0 | 1
  x: number
  y: number
  session: number
  viewport: number
  page: string
  layout: LayoutName
  atMs: number
}

export interface TrafficOptions {
  seed: number
  visitors: number
  /** Pointer samples per second of a visitor in motion. */
  samplesPerSecond: number
  nowMs: number
}

/** All visitors together, and the figures a live server would have about them. */
export class SimulatedTraffic implements SimulatedEvents {
  readonly fresh: SimulatedPoint[] = []
  readonly ring = new Map<number, RingSecond>()
  counted = 0
  private secondsClosed = 0
  private readonly random: () => number
  private readonly options: TrafficOptions
  private visitors: SimulatedVisitor[]
  private readonly clicks = new Map<string, number>()
  private readonly edges = new Map<string, Edge>()
  private second = { moves: 0, clicks: 0, marks: 0 }
  private stressMs = 0

  constructor(options: TrafficOptions) {
    this.options = options
    this.random = seededRandom(options.seed)
    this.visitors = Array.from({ length: options.visitors }, () => this.newcomer(options.nowMs, true))
    this.prefill(options.nowMs)
  }

  step(nowMs: number): void {
    for (const visitor of this.visitors) visitor.step(nowMs, this)
    // People come and go.
    if (this.random() < 0.02) {
      this.visitors.shift()
      this.visitors.push(this.newcomer(nowMs, false))
    }
    if (this.random() < 0.0006) this.stressMs = 60
    this.stressMs *= 0.99
  }

  /** Closes the second that is over. */
  closeSecond(second: number): RingSecond {
    const { moves, clicks, marks } = this.second
    // The first seconds hold what was late because of the prefill.
    const before = this.ring.get(second - 1)
    const row =
      this.secondsClosed++ < 3 && before !== undefined
        ? { ...before, second }
        : this.row(second, moves, clicks, marks)
    this.second = { moves: 0, clicks: 0, marks: 0 }
    this.ring.set(second, row)
    this.ring.delete(second - limits.ringSeconds)
    return row
  }

  point(visitor: SimulatedVisitor, kind: 0 | 1, atMs: number): void {
    const { session, viewportPx, layout, page } = visitor
    this.fresh.push({
      kind,
      x: visitor.x,
      y: visitor.y,
      session,
      viewport: viewportPx,
      page: page.path,
      layout,
      atMs,
    })
    this.counted++
    if (kind === 1) this.second.clicks++
    else this.second.moves++
  }

  clicked(_: SimulatedVisitor, target: { name: string }): void {
    this.clicks.set(target.name, (this.clicks.get(target.name) ?? 0) + 1)
  }

  navigated(visitor: SimulatedVisitor, from: string | null): void {
    this.second.marks++
    this.counted++
    this.countEdge(from, visitor.page.path, 1)
  }

  numbers(nowMs: number): Numbers {
    const last = [...this.ring.values()].slice(-5)
    const mean = (pick: (row: RingSecond) => number) =>
      last.reduce((sum, row) => sum + pick(row), 0) / Math.max(1, last.length)
    const wobble = Math.sin(nowMs / 7_000) * 3
    return {
      activeSessions: this.visitors.length,
      eventsPerSecond: mean((row) => row.moves + row.clicks + row.scrolls + row.marks),
      clicksPerSecond: mean((row) => row.clicks),
      lagP50Ms: 49 + wobble + this.stressMs * 0.3 + this.random(),
      lagP99Ms: 86 + wobble * 2 + this.stressMs + this.random() * 4,
      lostEvents: 0,
      sealedEvents: this.counted + 180,
      countedEvents: this.counted,
    }
  }

  buttons(): ButtonCount[] {
    return [...this.clicks]
      .map(([target, clicks]) => ({ target, clicks }))
      .toSorted((a, b) => b.clicks - a.clicks)
      .slice(0, 30)
  }

  pages(): PageCount[] {
    return simulatedPages.map(({ path, heightPx, weight }) => ({
      page: path,
      views: Math.round(weight * 120),
      events: Math.round(weight * 9_000),
      heightPx,
      foldPx: 810,
    }))
  }

  edgeList(): Edge[] {
    return [...this.edges.values()].toSorted((a, b) => b.count - a.count).slice(0, limits.edgesShownMax)
  }

  sessions(): SessionNow[] {
    return this.visitors
      .toSorted((a, b) => b.lastMs - a.lastMs)
      .slice(0, 20)
      .map((visitor) => ({
        id: (visitor.session & 0xff_ffff).toString(16).padStart(6, '0'),
        page: visitor.page.path,
        layout: visitor.layout,
        xPx: visitor.x,
        yPx: visitor.y,
        viewportPx: visitor.viewportPx,
        heightPx: visitor.page.heightPx,
        events: visitor.events,
        firstMs: visitor.firstMs,
        lastMs: visitor.lastMs,
      }))
  }

  stages(): StageState[] {
    const extra = this.stressMs * 0.15
    const stage = (name: StageState['stage'], p50: number, p99: number, instances: number): StageState => ({
      stage: name,
      p50Ms: p50 + this.random(),
      p99Ms: p99 + this.random() * 3,
      queue: Math.floor(this.random() * 20),
      instances,
    })
    return [
      stage('hand', 27, 52, 240),
      stage('gateway', 0.4, 2, 2),
      stage('log', 4.6 + extra, 9 + extra, 1),
      stage('processor', 8.2 + extra, 16, 2),
      stage('store', 1.1, 5, 1),
      stage('live', 7.4, 15, 2),
    ]
  }

  private newcomer(nowMs: number, started: boolean): SimulatedVisitor {
    const visitor = new SimulatedVisitor(this.random, nowMs, this.options.samplesPerSecond, started)
    this.countEdge(null, visitor.page.path, 1)
    return visitor
  }

  private countEdge(from: string | null, to: string, count: number): void {
    const key = `${from ?? ''} ${to}`
    const edge = this.edges.get(key)
    if (edge === undefined) this.edges.set(key, { from, to, count })
    else edge.count += count
  }

  /** A past, so that charts and lists are not empty at the start: an hour of visits, played quickly and forgotten. */
  private prefill(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000)
    const perSecond = this.options.visitors * this.options.samplesPerSecond * 0.45
    for (let past = second - limits.ringSeconds; past < second; past++) {
      const swell = 1 + 0.05 * Math.sin(past / 23) + 0.03 * (this.random() - 0.5)
      this.ring.set(
        past,
        this.row(
          past,
          Math.round(perSecond * swell),
          Math.round(this.options.visitors * 0.16 * (0.8 + this.random() * 0.4)),
          4,
        ),
      )
    }
    const past = Array.from(
      { length: 60 },
      () => new SimulatedVisitor(this.random, nowMs - 1_200_000, 4, false),
    )
    for (const visitor of past) this.countEdge(null, visitor.page.path, 3)
    for (let at = nowMs - 1_200_000; at < nowMs; at += 1_000)
      for (const visitor of past) visitor.step(at, this)
    this.counted = Math.round(perSecond * 3_600 * 5)
    this.fresh.length = 0
    this.second = { moves: 0, clicks: 0, marks: 0 }
  }

  private row(second: number, moves: number, clicks: number, marks: number): RingSecond {
    const hand = 27 + Math.sin(second / 31) * 1.5 + this.random()
    return {
      second,
      moves,
      clicks,
      scrolls: Math.round(moves * 0.01),
      marks,
      handP50Ms: hand,
      handP99Ms: hand + 25,
      activeSessions: this.visitors.length + Math.round(4 * Math.sin(second / 40)),
    }
  }
}
