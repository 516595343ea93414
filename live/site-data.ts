import { edges } from '@sightline/aggregates/edges'
import { elements } from '@sightline/aggregates/elements'
import { grids } from '@sightline/aggregates/grids'
import type { Aggregate } from '@sightline/aggregates/aggregate'
import { layouts, type Layout } from '@sightline/aggregates/layout'
import { elementRanking } from '@sightline/aggregates/queries/element-ranking'
import { activeSessions } from '@sightline/aggregates/queries/live-numbers'
import { pageGrid } from '@sightline/aggregates/queries/page-grid'
import { pageRanking } from '@sightline/aggregates/queries/page-ranking'
import { topEdges } from '@sightline/aggregates/queries/page-steps'
import type { Selection } from '@sightline/aggregates/queries/selection'
import { sessionList } from '@sightline/aggregates/queries/session-list'
import { siteLedger } from '@sightline/aggregates/queries/site-ledger'
import { coverRange, type Cover } from '@sightline/aggregates/queries/time-cover'
import { distinctSessions, seriesTotal, timeSeries, type SeriesPoint } from '@sightline/aggregates/queries/time-series'
import { series } from '@sightline/aggregates/series'
import { sessions } from '@sightline/aggregates/sessions'
import { bucketEnd, bucketStart, dayMs } from '@sightline/aggregates/time-buckets'
import type { Registry } from '@sightline/engine/registry/registry'
import { limits } from '@sightline/protocol/limits'
import type {
  EdgesQuery,
  ElementsQuery,
  GridQuery,
  PagesQuery,
  SeriesQuery,
  TotalsQuery,
} from './api/queries-of-requests.ts'
import type { History } from './history.ts'
import type { OutlineSource } from './page-outline.ts'
import type { StoreFollower } from './store-follower.ts'

interface Range {
  from?: number | undefined
  to?: number | undefined
}

export interface SiteDataDependencies {
  follower: StoreFollower
  history: History
  registry: Registry
  outlines: OutlineSource
  /** ms since the epoch. */
  now(): number
}

/** Answers the API's questions about one site. Plain functions of the state; the controller only names the routes. */
export class SiteData {
  private readonly follower: StoreFollower
  private readonly history: History
  private readonly registry: Registry
  private readonly outlines: OutlineSource
  private readonly now: () => number

  constructor({ follower, history, registry, outlines, now }: SiteDataDependencies) {
    this.follower = follower
    this.history = history
    this.registry = registry
    this.outlines = outlines
    this.now = now
  }

  exists(site: number): boolean {
    return this.registry.site(site) !== undefined
  }

  async totals(site: number, query: TotalsQuery) {
    const selection = selectionOf(site, query)
    const cover = this.cover(series, query)
    const total = seriesTotal(await this.history.states(series, cover), selection, cover)
    // Sessions are known by hour and day, of the site and of pages.
    const sessionCover = this.cover(sessions, query)
    const distinct =
      selection.layout === null
        ? distinctSessions(await this.history.states(sessions, sessionCover), selection, sessionCover).sessions
        : null
    const { thinned } = siteLedger(this.follower.present(), site)
    return { ...rangeOf(cover), ...countsOf(total), sessions: distinct, thinned }
  }

  async series(site: number, query: SeriesQuery) {
    const { fromMs, toMs } = this.range(query)
    const { resolution } = query
    const start = bucketStart(resolution, fromMs)
    const parts = []
    for (let at = start; at < toMs && parts.length < limits.seriesPointsMax; at = bucketEnd(resolution, at)) {
      parts.push({ resolution, startMs: at })
    }
    const last = parts.at(-1)
    const cover: Cover = { fromMs: start, toMs: last === undefined ? start : bucketEnd(resolution, last.startMs), parts }
    const states = await this.history.states(series, cover)
    const points = timeSeries(states, selectionOf(site, query), resolution, cover.fromMs, cover.toMs)
    return { ...rangeOf(cover), points: points.map((point) => ({ startMs: point.startMs, ...countsOf(point) })) }
  }

  async elements(site: number, query: ElementsQuery) {
    const cover = this.cover(elements, query)
    const states = await this.history.states(elements, cover)
    return { ...rangeOf(cover), elements: elementRanking(states, selectionOf(site, query), cover, query.limit) }
  }

  async pages(site: number, query: PagesQuery) {
    const cover = this.cover(series, query)
    const states = await this.history.states(series, cover)
    return { ...rangeOf(cover), pages: pageRanking(states, { site, page: null, layout: null }, cover, query.limit) }
  }

  async edges(site: number, query: EdgesQuery) {
    const cover = this.cover(edges, query)
    const states = await this.history.states(edges, cover)
    return { ...rangeOf(cover), edges: topEdges(states, selectionOf(site, query), cover, query.limit) }
  }

  async grid(site: number, query: GridQuery) {
    const cover = this.cover(grids, query)
    const states = await this.history.states(grids, cover)
    const kind = query.kind === 'moves' ? 'm' : 'c'
    const { layout } = selectionOf(site, query)
    return { ...rangeOf(cover), ...pageGrid(states, { site, page: query.page, layout: layout ?? 2, kind }, cover) }
  }

  sessions(site: number) {
    const states = this.follower.present()
    const nowMs = this.now()
    const list = sessionList(states, { site, page: null, layout: null }, nowMs, limits.sessionsNowListedMax)
    return { active: activeSessions(states, site, Math.floor(nowMs / 1_000)), sessions: list }
  }

  outline(site: number, page: string) {
    return { outline: this.outlines(site, page) }
  }

  ledger(site: number) {
    return siteLedger(this.follower.present(), site)
  }

  private range(query: Range): { fromMs: number; toMs: number } {
    const toMs = query.to ?? this.now()
    return { fromMs: Math.min(query.from ?? toMs - dayMs, toMs), toMs }
  }

  private cover(aggregate: Aggregate<any, any>, query: Range): Cover {
    const { fromMs, toMs } = this.range(query)
    // Nothing is older than the longest life, so no query needs to look there.
    const oldest = this.now() - Math.max(...aggregate.resolutions.map(({ lifeMs }) => lifeMs))
    return coverRange(aggregate.resolutions, Math.max(fromMs, oldest), toMs, this.now())
  }
}

function selectionOf(site: number, query: { page?: string | undefined; layout?: string | undefined }): Selection {
  const layout = query.layout === undefined ? null : (layouts.indexOf(query.layout as (typeof layouts)[number]) as Layout)
  return { site, page: query.page ?? null, layout }
}

function rangeOf({ fromMs, toMs }: Cover): { fromMs: number; toMs: number } {
  return { fromMs, toMs }
}

function countsOf({ moves, clicks, scrolls, marks, other, views }: SeriesPoint) {
  return { events: moves + clicks + scrolls + marks + other, moves, clicks, scrolls, marks, other, views }
}
