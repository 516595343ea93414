import type { FrameHeader } from '@sightline/protocol/live-frames'
import { visitPoints } from '@sightline/aggregates/partition-state'
import { decodeCursor } from './cursor.ts'
import type { PointBuffer } from './point-buffer.ts'
import type { StoreFollower } from './store-follower.ts'
import type { ViewKey } from './view.ts'
import { MissedPoints } from './view-points.ts'

/**
 * What a viewer missed since its cursor: the points of all commits since, when every one of them is still here, on this
 * server or another; else how many records the gap spans.
 */
export function resumeFrom(
  follower: StoreFollower,
  key: ViewKey,
  text: string,
): { missed: PointBuffer } | { gap: NonNullable<FrameHeader['gap']> } {
  const cursor = decodeCursor(text, follower.cursors.length)
  if (cursor === null) return { gap: { reason: 'too-old', records: 0 } }
  let records = 0
  let complete = true
  let wentBack = false
  const missed = new MissedPoints(key)
  for (const [partition, current] of follower.cursors.entries()) {
    const seen = cursor[partition]
    if (current === null || (seen !== null && current.next < seen)) {
      wentBack ||= seen !== null
      continue
    }
    // A partition that had no state began at the log's oldest record: all of its commits, if 0 is still here.
    const commits = follower.recent.since(partition, seen ?? 0, current.next)
    if (seen !== null) records += current.next - seen
    if (commits === null) complete = false
    else for (const commit of commits) visitPoints(commit.publicDelta, missed)
  }
  if (wentBack) return { gap: { reason: 'rolled-back', records: 0 } }
  if (!complete) return { gap: { reason: 'too-old', records } }
  return { missed: missed.points }
}
