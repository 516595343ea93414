import type { LayoutName } from '@sightline/protocol/live-frames'
import { normal, weighted } from './random.ts'
import { type SimulatedPage, simulatedPages, type SimulatedTarget } from './simulated-site.ts'

export interface SimulatedEvents {
  point(visitor: SimulatedVisitor, kind: 0 | 1, atMs: number): void
  clicked(visitor: SimulatedVisitor, target: SimulatedTarget): void
  navigated(visitor: SimulatedVisitor, from: string | null): void
}

const devices: readonly { layout: LayoutName; viewports: readonly number[]; weight: number }[] = [
  { layout: 'desktop', viewports: [1_280, 1_440, 1_536, 1_680], weight: 7 },
  { layout: 'wide', viewports: [1_920, 2_560], weight: 2 },
  { layout: 'tablet', viewports: [820, 1_024], weight: 1 },
  { layout: 'phone', viewports: [390, 412], weight: 1 },
]

/** One person: glides to something, rests, perhaps clicks, goes on. */
export class SimulatedVisitor {
  readonly session: number
  readonly layout: LayoutName
  readonly viewportPx: number
  page: SimulatedPage
  x: number
  y: number
  events = 0
  readonly firstMs: number
  lastMs: number
  private readonly random: () => number
  private readonly samplesPerSecond: number
  private path: {
    x0: number
    y0: number
    x1: number
    y1: number
    bend: number
    startMs: number
    durationMs: number
  } | null = null
  private target: SimulatedTarget | null = null
  private restUntilMs = 0
  private sampledMs: number

  /** @param samplesPerSecond pointer samples while it moves */
  constructor(random: () => number, nowMs: number, samplesPerSecond: number, started: boolean) {
    this.random = random
    this.samplesPerSecond = samplesPerSecond
    this.session = Math.floor(random() * 0xffff_ffff)
    const device = weighted(devices, random)
    this.layout = device.layout
    this.viewportPx = device.viewports[Math.floor(random() * device.viewports.length)]
    this.page = weighted(simulatedPages, random)
    this.x = random() * this.viewportPx
    this.y = 200 + random() * 400
    this.firstMs = started ? nowMs - random() * 900_000 : nowMs
    this.events = started ? Math.floor((nowMs - this.firstMs) / 70) : 0
    this.lastMs = nowMs
    this.sampledMs = nowMs
    this.restUntilMs = nowMs + random() * 1_500
  }

  /** Goes on until `nowMs`; tells what happened. */
  step(nowMs: number, tell: SimulatedEvents): void {
    const every = 1_000 / this.samplesPerSecond
    while (this.sampledMs + every <= nowMs) {
      this.sampledMs += every
      this.sample(this.sampledMs, tell)
    }
  }

  private sample(atMs: number, tell: SimulatedEvents): void {
    if (atMs < this.restUntilMs) {
      // A resting hand still trembles now and then.
      if (this.random() < 0.12)
        this.moveTo(this.x + normal(this.random) * 2, this.y + normal(this.random) * 2, atMs, tell)
      return
    }
    if (this.path === null) {
      this.choose(atMs)
      return
    }
    const { x0, y0, x1, y1, bend, startMs, durationMs } = this.path
    const t = Math.min(1, (atMs - startMs) / durationMs)
    const eased = t * t * t * (10 + t * (6 * t - 15))
    const side = Math.sin(Math.PI * eased) * bend
    const length = Math.hypot(x1 - x0, y1 - y0) || 1
    this.moveTo(
      x0 + (x1 - x0) * eased - ((y1 - y0) / length) * side,
      y0 + (y1 - y0) * eased + ((x1 - x0) / length) * side,
      atMs,
      tell,
    )
    if (t >= 1) this.arrive(atMs, tell)
  }

  private choose(atMs: number): void {
    const target = weighted(this.page.targets, this.random)
    this.target = target
    const x1 = (target.across + (this.random() - 0.5) * target.widthShare) * this.viewportPx
    const y1 = target.downPx + (this.random() - 0.5) * target.heightPx
    const distance = Math.hypot(x1 - this.x, y1 - this.y)
    const durationMs = 260 + distance * (0.7 + this.random() * 0.9)
    this.path = {
      x0: this.x,
      y0: this.y,
      x1,
      y1,
      bend: normal(this.random) * distance * 0.14,
      startMs: atMs,
      durationMs,
    }
  }

  private arrive(atMs: number, tell: SimulatedEvents): void {
    const target = this.target
    this.path = null
    this.restUntilMs = atMs + 300 + this.random() ** 3 * 6_000
    if (target === null || this.random() >= target.clicks) return
    tell.point(this, 1, atMs)
    this.events++
    tell.clicked(this, target)
    const next = simulatedPages.find(({ path }) => path === target.leadsTo)
    if (next === undefined || next === this.page) return
    const from = this.page.path
    this.page = next
    this.events++
    tell.navigated(this, from)
  }

  private moveTo(x: number, y: number, atMs: number, tell: SimulatedEvents): void {
    this.x = Math.min(this.viewportPx - 1, Math.max(0, Math.round(x)))
    this.y = Math.min(this.page.heightPx - 1, Math.max(0, Math.round(y)))
    this.events++
    this.lastMs = atMs
    tell.point(this, 0, atMs)
  }
}
