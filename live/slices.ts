import { layouts, type Layout } from '@sightline/aggregates/layout'
import { topButtons } from '@sightline/aggregates/queries/element-ranking'
import { liveNumbers, ringSeconds } from '@sightline/aggregates/queries/live-numbers'
import { pageRanking } from '@sightline/aggregates/queries/page-ranking'
import { topEdges } from '@sightline/aggregates/queries/page-steps'
import type { Selection } from '@sightline/aggregates/queries/selection'
import { sessionList } from '@sightline/aggregates/queries/session-list'
import { siteLedger } from '@sightline/aggregates/queries/site-ledger'
import type { Cover } from '@sightline/aggregates/queries/time-cover'
import { hourMs, minuteMs, type ResolutionName } from '@sightline/aggregates/time-buckets'
import type { StageReport } from '@sightline/engine/registry/registry'
import type { FrameHeader, RingSecond } from '@sightline/protocol/live-frames'
import { limits } from '@sightline/protocol/limits'
import type { SiteLag } from './site-lag.ts'
import { flushMsOf, stageStates } from './stage-states.ts'
import type { StoreFollower } from './store-follower.ts'
import type { ViewKey } from './view.ts'

type Slice = Pick<
  FrameHeader,
  'numbers' | 'ring' | 'buttons' | 'pages' | 'edges' | 'sessions' | 'stages' | 'ledger' | 'flushMs'
>

/** How often each group of slices is looked at again, ms. */
const rates = { numbers: 250, rankings: 500, slow: 1_000 }
/** "Now" in rankings: the last five whole minutes and the present one. */
const recentMinutes = 6
const recentHours = 2

/**
 * The slices of one view: small, absolute, each looked at at its own rate and sent when it changed. A new viewer and one
 * that fell behind get all of them.
 */
export class Slices {
  private readonly selection: Selection
  private readonly follower: StoreFollower
  private readonly lag: SiteLag
  private readonly reports: () => StageReport[]
  private readonly sent = new Map<string, string>()
  private readonly lookedMs = { numbers: 0, rankings: 0, slow: 0 }
  private sentSeconds = new Map<number, string>()

  constructor({ key, follower, lag, reports }: { key: ViewKey; follower: StoreFollower; lag: SiteLag; reports: () => StageReport[] }) {
    const layout = key.layout === null ? null : (layouts.indexOf(key.layout) as Layout)
    this.selection = { site: key.site, page: key.page, layout }
    this.follower = follower
    this.lag = lag
    this.reports = reports
  }

  /** What changed since the last call; null when nothing did or nothing is due. */
  due(nowMs: number): Slice | null {
    const slice: Slice = {}
    if (this.isDue('numbers', nowMs)) Object.assign(slice, this.numbers(nowMs))
    if (this.isDue('rankings', nowMs)) Object.assign(slice, this.rankings(nowMs))
    if (this.isDue('slow', nowMs)) Object.assign(slice, this.slow(nowMs))
    const changed: Slice = {}
    for (const [name, value] of Object.entries(slice)) {
      if (name === 'ring') this.changedSeconds(value as RingSecond[], changed)
      else if (this.changed(name, value)) Object.assign(changed, { [name]: value })
    }
    return Object.keys(changed).length === 0 ? null : changed
  }

  all(nowMs: number): Slice {
    return { ...this.numbers(nowMs), ...this.rankings(nowMs), ...this.slow(nowMs) }
  }

  private isDue(group: keyof typeof rates, nowMs: number): boolean {
    if (nowMs - this.lookedMs[group] < rates[group]) return false
    this.lookedMs[group] = nowMs
    return true
  }

  private changed(name: string, value: unknown): boolean {
    const text = JSON.stringify(value)
    if (this.sent.get(name) === text) return false
    this.sent.set(name, text)
    return true
  }

  private changedSeconds(seconds: RingSecond[], into: Slice): void {
    const texts = new Map(seconds.map((row) => [row.second, JSON.stringify(row)]))
    const changed = seconds.filter((row) => this.sentSeconds.get(row.second) !== texts.get(row.second))
    this.sentSeconds = texts
    if (changed.length > 0) into.ring = changed
  }

  private numbers(nowMs: number): Slice {
    const { site } = this.selection
    const states = this.follower.present()
    const second = Math.floor(nowMs / 1_000)
    const lag = this.lag.quantiles(site, nowMs)
    return {
      numbers: { ...liveNumbers(states, site, nowMs), lagP50Ms: lag.p50Ms, lagP99Ms: lag.p99Ms },
      ring: ringSeconds(states, site, second - limits.ringSeconds + 1, second, second),
    }
  }

  private rankings(nowMs: number): Slice {
    const states = this.follower.present()
    return {
      buttons: topButtons(states, this.selection, recent('minute', minuteMs, recentMinutes, nowMs), 30),
      sessions: sessionList(states, { ...this.selection, page: null, layout: null }, nowMs, 20),
    }
  }

  private slow(nowMs: number): Slice {
    const { site } = this.selection
    const states = this.follower.present()
    const all = { site, page: null, layout: null }
    const flushMs = flushMsOf(this.reports(), site)
    return {
      pages: pageRanking(states, all, recent('minute', minuteMs, recentMinutes, nowMs), 100),
      edges: topEdges(states, all, recent('hour', hourMs, recentHours, nowMs), 60),
      stages: stageStates(this.reports(), this.hand(nowMs)),
      ledger: siteLedger(states, site),
      ...(flushMs === null ? {} : { flushMs }),
    }
  }

  private hand(nowMs: number): { p50Ms: number | null; p99Ms: number | null } {
    const { lagP50Ms, lagP99Ms } = liveNumbers(this.follower.present(), this.selection.site, nowMs)
    return { p50Ms: lagP50Ms, p99Ms: lagP99Ms }
  }
}

/** The last `count` buckets, the present one included. */
function recent(resolution: ResolutionName, spanMs: number, count: number, nowMs: number): Cover {
  const present = nowMs - (nowMs % spanMs)
  const parts = Array.from({ length: count }, (_, back) => ({ resolution, startMs: present - back * spanMs }))
  return { fromMs: present - (count - 1) * spanMs, toMs: present + spanMs, parts }
}
