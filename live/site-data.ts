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
import type { Cover } from '@sightline/aggregates/queries/time-cover'
import {
  distinctSessions,
  seriesTotal,
  timeSeries,
  type SeriesPoint,
} from '@sightline/aggregates/queries/time-series'
import { series } from '@sightline/aggregates/series'
import { sessions } from '@sightline/aggregates/sessions'
import type { Registry } from '@sightline/engine/registry/registry'
import { limits } from '@sightline/protocol/limits'
import type { LayoutName } from '@sightline/protocol/live-frames'
import type {
  EdgesQuery,
  ElementsQuery,
  GridQuery,
  PagesQuery,
  SeriesQuery,
  TotalsQuery,
} from './api/queries-of-requests.ts'
import { coverOf, seriesCover } from './asked-range.ts'
import type { Clock } from './clock.ts'
import type { History } from './history.ts'
import type { OutlineSource } from './page-outline.ts'
import type { StoreFollower } from './store-follower.ts'

export interface SiteDataDependencies {
  follower: StoreFollower
  history: History
  registry: Registry
  outlines: OutlineSource
  clock: Clock
}

/** Answers the API's questions about one site. Plain functions of the state; the controller only names the routes. */
export class SiteData {
  private readonly dependencies: SiteDataDependencies

  constructor(dependencies: SiteDataDependencies) {
    this.dependencies = dependencies
  }

  exists(site: number): boolean {
    return this.dependencies.registry.site(site) !== undefined
  }

  async totals(site: number, query: TotalsQuery) {
    const selection = selectionOf(site, query)
    const cover = coverOf(series, query, this.nowMs)
    const total = seriesTotal(await this.states(series, site, cover), selection, cover)
    // Sessions are known by hour and day, of the site and of pages.
    const sessionCover = coverOf(sessions, query, this.nowMs)
    const distinct =
      selection.layout === null
        ? distinctSessions(await this.states(sessions, site, sessionCover), selection, sessionCover).sessions
        : null
    const { thinned } = siteLedger(this.dependencies.follower.present(), site)
    return {
      ...rangeOf(cover),
      ...countsOf(total),
      sessions: distinct,
      sessionsFromMs: sessionCover.fromMs,
      sessionsToMs: sessionCover.toMs,
      thinned,
    }
  }

  async series(site: number, query: SeriesQuery) {
    const { resolution, cover } = seriesCover(query, query.resolution, this.nowMs)
    const states = await this.states(series, site, cover)
    const points = timeSeries(states, selectionOf(site, query), resolution, cover.fromMs, cover.toMs)
    return {
      ...rangeOf(cover),
      resolution,
      points: points.map((point) => ({ startMs: point.startMs, ...countsOf(point) })),
    }
  }

  async elements(site: number, query: ElementsQuery) {
    const cover = coverOf(elements, query, this.nowMs)
    const states = await this.states(elements, site, cover)
    return {
      ...rangeOf(cover),
      elements: elementRanking(states, selectionOf(site, query), cover, query.limit),
    }
  }

  async pages(site: number, query: PagesQuery) {
    const cover = coverOf(series, query, this.nowMs)
    const states = await this.states(series, site, cover)
    return { ...rangeOf(cover), pages: pageRanking(states, wholeSite(site), cover, query.limit) }
  }

  async edges(site: number, query: EdgesQuery) {
    const cover = coverOf(edges, query, this.nowMs)
    const states = await this.states(edges, site, cover)
    return { ...rangeOf(cover), edges: topEdges(states, selectionOf(site, query), cover, query.limit) }
  }

  async grid(site: number, { page, layout, kind, ...query }: GridQuery) {
    const cover = coverOf(grids, query, this.nowMs)
    const states = await this.states(grids, site, cover)
    const which = { site, page, layout: indexOf(layout), kind: kind === 'moves' ? 'm' : 'c' } as const
    return { ...rangeOf(cover), ...pageGrid(states, which, cover) }
  }

  sessions(site: number) {
    const states = this.dependencies.follower.present()
    const { nowMs } = this
    const list = sessionList(states, wholeSite(site), nowMs, limits.sessionsNowListedMax)
    return { active: activeSessions(states, site, Math.floor(nowMs / 1_000)), sessions: list }
  }

  outline(site: number, page: string) {
    return { outline: this.dependencies.outlines(site, page) }
  }

  ledger(site: number) {
    return siteLedger(this.dependencies.follower.present(), site)
  }

  private get nowMs(): number {
    return this.dependencies.clock.now()
  }

  private states(aggregate: Aggregate<unknown, unknown>, site: number, cover: Cover) {
    return this.dependencies.history.states(aggregate, site, cover)
  }
}

function wholeSite(site: number): Selection {
  return { site, page: null, layout: null }
}

function selectionOf(
  site: number,
  query: { page?: string | undefined; layout?: LayoutName | undefined },
): Selection {
  return { site, page: query.page ?? null, layout: query.layout === undefined ? null : indexOf(query.layout) }
}

function indexOf(layout: LayoutName): Layout {
  return layouts.indexOf(layout) as Layout
}

function rangeOf({ fromMs, toMs }: Cover): { fromMs: number; toMs: number } {
  return { fromMs, toMs }
}

function countsOf({ moves, clicks, scrolls, marks, other, views }: SeriesPoint) {
  return { events: moves + clicks + scrolls + marks + other, moves, clicks, scrolls, marks, other, views }
}
