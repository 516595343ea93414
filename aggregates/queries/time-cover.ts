import { bucketEnd, bucketStart, type Resolution, type ResolutionName } from '../time-buckets.ts'

export interface CoverPart {
  resolution: ResolutionName
  startMs: number
}

export interface Cover {
  /** The range that is covered: the one asked for, widened to whole buckets. */
  fromMs: number
  toMs: number
  parts: CoverPart[]
}

/**
 * The fewest buckets that together cover [fromMs, toMs): days within it, else hours, else minutes. Where the finer
 * buckets are gone already, an edge is moved outwards to the next coarser ones, and the answer says so.
 *
 * `heldMs` says how long each resolution is there after a bucket's end; left out = for its life. All times in ms.
 */
export function coverRange(
  resolutions: readonly Resolution[],
  fromMs: number,
  toMs: number,
  nowMs: number,
  heldMs?: Record<ResolutionName, number>,
): Cover {
  const isHeld = ({ name, lifeMs }: Resolution, timeMs: number) =>
    bucketEnd(name, bucketStart(name, timeMs)) > nowMs - (heldMs?.[name] ?? lifeMs)
  const coarsest = resolutions[resolutions.length - 1]
  const finestAt = (timeMs: number) =>
    resolutions.find((resolution) => isHeld(resolution, timeMs)) ?? coarsest

  const first = finestAt(fromMs)
  const start = bucketStart(first.name, fromMs)
  const last = finestAt(Math.max(fromMs, toMs - 1))
  const end = bucketEnd(last.name, bucketStart(last.name, Math.max(fromMs, toMs - 1)))

  const parts: CoverPart[] = []
  let at = start
  while (at < end) {
    const { name } =
      resolutions.findLast(
        (resolution) =>
          bucketStart(resolution.name, at) === at &&
          bucketEnd(resolution.name, at) <= end &&
          isHeld(resolution, at),
      ) ?? finestAt(at)
    const startMs = bucketStart(name, at)
    parts.push({ resolution: name, startMs })
    at = bucketEnd(name, startMs)
  }
  return { fromMs: start, toMs: Math.max(end, at), parts }
}
