import type { Aggregate } from '@sightline/aggregates/aggregate'
import { coverRange, type Cover } from '@sightline/aggregates/queries/time-cover'
import { series } from '@sightline/aggregates/series'
import {
  bucketEnd,
  bucketStart,
  dayMs,
  type Resolution,
  type ResolutionName,
} from '@sightline/aggregates/time-buckets'
import { limits } from '@sightline/protocol/limits'
import { BadQuestion } from './problems.ts'

/** Times as asked, ms since the epoch; `to` is exclusive. */
export interface AskedRange {
  from?: number | undefined
  to?: number | undefined
}

/**
 * The buckets of an aggregate that cover a range, snapped outward, within what is kept: nothing from before its longest
 * life, nothing after today.
 */
export function coverOf(aggregate: Aggregate<unknown, unknown>, asked: AskedRange, nowMs: number): Cover {
  const { resolutions } = aggregate
  const range = within(asked, resolutions[resolutions.length - 1], nowMs)
  if (range.empty) return { fromMs: range.fromMs, toMs: range.toMs, parts: [] }
  return coverRange(resolutions, range.fromMs, range.toMs, nowMs)
}

/** Buckets of one width for a series; without a wish, of the finest that is still kept where the range begins. */
export function seriesCover(
  asked: AskedRange,
  wish: ResolutionName | undefined,
  nowMs: number,
): { resolution: ResolutionName; cover: Cover } {
  const { fromMs } = timesOf(asked, nowMs)
  const { resolutions } = series
  const resolution =
    resolutions.find(({ name, lifeMs }) => (wish === undefined ? fromMs >= nowMs - lifeMs : name === wish)) ??
    resolutions[resolutions.length - 1]
  const { name } = resolution
  const range = within(asked, resolution, nowMs)
  const parts: Cover['parts'] = []
  let at = bucketStart(name, range.fromMs)
  const start = at
  while (!range.empty && at < range.toMs) {
    parts.push({ resolution: name, startMs: at })
    at = bucketEnd(name, at)
  }
  if (parts.length > limits.seriesPointsMax) {
    throw new BadQuestion(
      `the range has ${parts.length} points by the ${name}, at most ${limits.seriesPointsMax} are answered: ask for a shorter range or a coarser resolution`,
    )
  }
  return { resolution: name, cover: { fromMs: start, toMs: at, parts } }
}

function timesOf(asked: AskedRange, nowMs: number): { fromMs: number; toMs: number } {
  const toMs = asked.to ?? nowMs
  const fromMs = asked.from ?? toMs - dayMs
  if (fromMs > toMs) throw new BadQuestion(`from (${fromMs}) must not be after to (${toMs})`)
  return { fromMs, toMs }
}

/** What of a range can be there at all; `empty` when it lies wholly before or after that. */
function within(asked: AskedRange, coarsest: Resolution, nowMs: number) {
  const { fromMs, toMs } = timesOf(asked, nowMs)
  const oldestMs = bucketStart(coarsest.name, Math.max(0, nowMs - coarsest.lifeMs))
  const endMs = bucketEnd('day', bucketStart('day', nowMs))
  if (toMs <= oldestMs) return { fromMs: oldestMs, toMs: oldestMs, empty: true }
  if (fromMs >= endMs) return { fromMs: endMs, toMs: endMs, empty: true }
  return { fromMs: Math.max(fromMs, oldestMs), toMs: Math.min(toMs, endMs), empty: false }
}
