import { DistinctHashes } from '../distinct-hashes.ts'
import type { PartitionState } from '../partition-state.ts'
import { series, SeriesCell, seriesField } from '../series.ts'
import { sessions, sessionsField } from '../sessions.ts'
import { bucketEnd, bucketStart, type ResolutionName } from '../time-buckets.ts'
import { layoutsOf, type Selection } from './selection.ts'
import type { Cover } from './time-cover.ts'

export interface SeriesPoint {
  startMs: number
  moves: number
  clicks: number
  scrolls: number
  marks: number
  other: number
  views: number
  batches: number
  /** Hand to gateway, ms; only when neither page nor layout is chosen. null = none known. */
  handP50Ms: number | null
  handP99Ms: number | null
}

/** One point per bucket of [fromMs, toMs), widened to whole buckets, ascending, empty ones included. */
export function timeSeries(
  states: readonly PartitionState[],
  selection: Selection,
  resolution: ResolutionName,
  fromMs: number,
  toMs: number,
): SeriesPoint[] {
  const points: SeriesPoint[] = []
  let startMs = bucketStart(resolution, fromMs)
  while (startMs < toMs) {
    const sum = new SeriesCell()
    addSeries(states, selection, resolution, startMs, sum)
    points.push(toPoint(startMs, sum))
    startMs = bucketEnd(resolution, startMs)
  }
  return points
}

/** The sum over a range. */
export function seriesTotal(
  states: readonly PartitionState[],
  selection: Selection,
  cover: Cover,
): SeriesPoint {
  const sum = new SeriesCell()
  for (const { resolution, startMs } of cover.parts) addSeries(states, selection, resolution, startMs, sum)
  return toPoint(cover.fromMs, sum)
}

/** The series of each referrer's host, by views, at most `max`; the others under `*other*`. */
export function referrerTotals(
  states: readonly PartitionState[],
  site: number,
  cover: Cover,
  max: number,
): { host: string; total: SeriesPoint }[] {
  const prefix = `${site}/referrer`
  const hosts = new Map<string, SeriesCell>()
  const cellOf = (host: string) => {
    let cell = hosts.get(host)
    if (cell === undefined) hosts.set(host, (cell = new SeriesCell()))
    return cell
  }
  for (const state of states) {
    for (const { resolution, startMs } of cover.parts) {
      const add = (cell: SeriesCell, field: string) =>
        series.merge(cellOf(field.slice(prefix.length + 1)), cell)
      state.store(series).each(prefix, add, resolution, startMs)
    }
  }
  const ranked = [...hosts].sort(([a, x], [b, y]) => y.count('views') - x.count('views') || (a < b ? -1 : 1))
  const kept = ranked.slice(0, max)
  for (const [, cell] of ranked.slice(max)) {
    let other = kept.find(([host]) => host === '*other*')
    if (other === undefined) kept.push((other = ['*other*', new SeriesCell()]))
    series.merge(other[1], cell)
  }
  return kept.map(([host, cell]) => ({ host, total: toPoint(cover.fromMs, cell) }))
}

/**
 * Distinct sessions in a range, of a site or of one page (`selection.layout` is not looked at). The cover must be made
 * of hours and days. Exact as long as every partition has at most 256, else within about 1.6 %.
 */
export function distinctSessions(
  states: readonly PartitionState[],
  { site, page }: Selection,
  cover: Cover,
): { sessions: number; exact: boolean } {
  const field = page === null ? sessionsField.site(site) : sessionsField.page(site, page)
  let count = 0
  let exact = true
  for (const state of states) {
    const sum = new DistinctHashes()
    for (const { resolution, startMs } of cover.parts) {
      const cell = state.store(sessions).cell(field, resolution, startMs)
      if (cell !== undefined) sum.merge(cell)
    }
    count += sum.count()
    exact &&= sum.isExact
  }
  return { sessions: count, exact }
}

function addSeries(
  states: readonly PartitionState[],
  selection: Selection,
  resolution: ResolutionName,
  startMs: number,
  sum: SeriesCell,
): void {
  for (const state of states) {
    for (const field of fieldsOf(selection)) {
      const cell = state.store(series).cell(field, resolution, startMs)
      if (cell !== undefined) series.merge(sum, cell)
    }
  }
}

function fieldsOf(selection: Selection): string[] {
  const { site, page, layout } = selection
  if (page !== null) return layoutsOf(selection).map((each) => seriesField.page(site, each, page))
  return [layout === null ? seriesField.site(site) : seriesField.layout(site, layout)]
}

function toPoint(startMs: number, cell: SeriesCell): SeriesPoint {
  return {
    startMs,
    moves: cell.count('moves'),
    clicks: cell.count('clicks'),
    scrolls: cell.count('scrolls'),
    marks: cell.count('marks'),
    other: cell.count('other'),
    views: cell.count('views'),
    batches: cell.count('batches'),
    handP50Ms: cell.latency.quantile(0.5),
    handP99Ms: cell.latency.quantile(0.99),
  }
}
