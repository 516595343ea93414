import type { SeriesColumns } from '../../../worker/series-history.ts'

/** The lag's columns: hand to gateway, and p50 and p99 of the whole way. */
export interface LagSeries {
  seconds: readonly number[]
  values: readonly [readonly (number | null)[], readonly (number | null)[], readonly (number | null)[]]
}

/**
 * The seconds in which this page has watched the whole way (the frames carry it as a present value); all of them
 * while there are none yet.
 */
export function lagSeries(series: SeriesColumns): LagSeries {
  const begun = Math.max(
    0,
    series.lagP50Ms.findIndex((ms) => ms !== null),
  )
  return {
    seconds: series.second.slice(begun),
    values: [series.handP50Ms.slice(begun), series.lagP50Ms.slice(begun), series.lagP99Ms.slice(begun)],
  }
}
