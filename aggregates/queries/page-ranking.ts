import type { PageCount } from '@sightline/protocol/live-frames'
import type { PartitionState } from '../partition-state.ts'
import { series, SeriesCell } from '../series.ts'
import { layoutAndPage, type Selection } from './selection.ts'
import type { Cover } from './time-cover.ts'

/**
 * Pages with the most views, then the most events, at most `max`. The height is the median of the document heights seen,
 * 0 = none seen.
 */
export function pageRanking(
  states: readonly PartitionState[],
  { site, page, layout }: Selection,
  cover: Cover,
  max: number,
): PageCount[] {
  const prefix = `${site}/page`
  const pages = new Map<string, SeriesCell>()
  for (const state of states) {
    const store = state.store(series)
    for (const { resolution, startMs } of cover.parts) {
      store.each(
        prefix,
        (cell, field) => {
          const of = layoutAndPage(field, prefix.length + 1)
          if ((layout !== null && of.layout !== layout) || (page !== null && of.page !== page)) return
          let sum = pages.get(of.page)
          if (sum === undefined) pages.set(of.page, (sum = new SeriesCell()))
          series.merge(sum, cell)
        },
        resolution,
        startMs,
      )
    }
  }
  return [...pages]
    .map(([name, cell]) => ({
      page: name,
      views: cell.count('views'),
      events: cell.events,
      heightPx: Math.round(cell.heights.quantile(0.5) ?? 0),
    }))
    .sort((a, b) => b.views - a.views || b.events - a.events || (a.page < b.page ? -1 : 1))
    .slice(0, max)
}
