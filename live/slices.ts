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
import type { Clock } from './clock.ts'
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

export interface SlicesDependencies {
  key: ViewKey
  follower: StoreFollower
  lag: SiteLag
  clock: Clock
  /** The stages' newest reports. */
  reports(): readonly StageReport[]
}

/**
 * The slices of one view: small, absolute, each looked at again at its own rate and sent when it changed. A new viewer
 * and one that fell behind get all of them, as the others have them: so the changes that follow fit everybody.
 */
export class Slices {
  private readonly selection: Selection
  private readonly dependencies: SlicesDependencies
  private readonly texts = new Map<string, string>()
  private readonly lookedMs = { numbers: -Infinity, rankings: -Infinity, slow: -Infinity }
  private now: Slice = {}
  private secondTexts = new Map<number, string>()

  constructor(dependencies: SlicesDependencies) {
    this.dependencies = dependencies
    const { site, page, layout } = dependencies.key
    this.selection = { site, page, layout: layout === null ? null : (layouts.indexOf(layout) as Layout) }
  }

  /** Looks again at what is due; what changed by it, null when nothing did. */
  due(): Slice | null {
    const nowMs = this.dependencies.clock.now()
    const looked: Slice = {}
    if (this.isDue('numbers')) Object.assign(looked, this.numbers(nowMs))
    if (this.isDue('rankings')) Object.assign(looked, this.rankings(nowMs))
    if (this.isDue('slow')) Object.assign(looked, this.slow(nowMs))
    Object.assign(this.now, looked)
    const changed: Slice = {}
    for (const [name, value] of Object.entries(looked)) {
      if (name === 'ring') this.changedSeconds(value as RingSecond[], changed)
      else if (this.isChanged(name, value)) Object.assign(changed, { [name]: value })
    }
    return Object.keys(changed).length === 0 ? null : changed
  }

  /** All slices as due() last found them. */
  whole(): Slice {
    return this.now
  }

  private isDue(group: keyof typeof rates): boolean {
    const nowMs = this.dependencies.clock.monotonicMs()
    if (nowMs - this.lookedMs[group] < rates[group]) return false
    this.lookedMs[group] = nowMs
    return true
  }

  private isChanged(name: string, value: unknown): boolean {
    const text = JSON.stringify(value)
    if (this.texts.get(name) === text) return false
    this.texts.set(name, text)
    return true
  }

  private changedSeconds(seconds: RingSecond[], into: Slice): void {
    const texts = new Map(seconds.map((row) => [row.second, JSON.stringify(row)]))
    const changed = seconds.filter((row) => this.secondTexts.get(row.second) !== texts.get(row.second))
    this.secondTexts = texts
    if (changed.length > 0) into.ring = changed
  }

  private numbers(nowMs: number): Slice {
    const { site } = this.selection
    const states = this.dependencies.follower.present()
    const second = Math.floor(nowMs / 1_000)
    const lag = this.dependencies.lag.quantiles(site, nowMs)
    return {
      numbers: { ...liveNumbers(states, site, nowMs), lagP50Ms: lag.p50Ms, lagP99Ms: lag.p99Ms },
      ring: ringSeconds(states, site, second - limits.ringSeconds + 1, second, second),
    }
  }

  private rankings(nowMs: number): Slice {
    const states = this.dependencies.follower.present()
    return {
      buttons: topButtons(
        states,
        this.selection,
        recent('minute', minuteMs, recentMinutes, nowMs),
        limits.buttonsListedMax,
      ),
      sessions: sessionList(
        states,
        { ...this.selection, page: null, layout: null },
        nowMs,
        limits.sessionsListedMax,
      ),
    }
  }

  private slow(nowMs: number): Slice {
    const { site } = this.selection
    const states = this.dependencies.follower.present()
    const all = { site, page: null, layout: null }
    const flushMs = flushMsOf(this.dependencies.reports(), site)
    return {
      pages: pageRanking(
        states,
        all,
        recent('minute', minuteMs, recentMinutes, nowMs),
        limits.pagesListedMax,
      ),
      edges: topEdges(states, all, recent('hour', hourMs, recentHours, nowMs), limits.edgesListedMax),
      stages: stageStates(this.dependencies.reports(), this.hand(nowMs)),
      ledger: siteLedger(states, site),
      ...(flushMs === null ? {} : { flushMs }),
    }
  }

  private hand(nowMs: number): { p50Ms: number | null; p99Ms: number | null } {
    const { lagP50Ms, lagP99Ms } = liveNumbers(
      this.dependencies.follower.present(),
      this.selection.site,
      nowMs,
    )
    return { p50Ms: lagP50Ms, p99Ms: lagP99Ms }
  }
}

/** The last `count` buckets, the present one included. */
function recent(resolution: ResolutionName, spanMs: number, count: number, nowMs: number): Cover {
  const present = nowMs - (nowMs % spanMs)
  const parts = Array.from({ length: count }, (_, back) => ({ resolution, startMs: present - back * spanMs }))
  return { fromMs: present - (count - 1) * spanMs, toMs: present + spanMs, parts }
}
