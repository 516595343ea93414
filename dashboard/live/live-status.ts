import { limits } from '@sightline/protocol/limits'
import type { SeriesColumns } from '../worker/series-history.ts'
import type { FrameStamp } from '../worker/worker-messages.ts'
import type { LiveState } from './live-store.ts'

export type LiveStatus =
  | { kind: 'connecting'; text: string }
  | { kind: 'live'; text: string }
  | { kind: 'paused'; text: string }
  | { kind: 'reconnecting'; text: string }
  | { kind: 'stale'; text: string }
  | { kind: 'unauthorized'; text: string }

/** What the live badge says. @param nowMs epoch ms */
export function liveStatus(
  { connection, newest }: Pick<LiveState, 'connection' | 'newest'>,
  nowMs: number,
): LiveStatus {
  switch (connection.status) {
    case 'paused':
      return { kind: 'paused', text: 'Paused' }
    case 'unauthorized':
      return { kind: 'unauthorized', text: 'Signed out' }
    case 'connecting':
      return connection.everOpen
        ? { kind: 'reconnecting', text: 'Reconnecting' }
        : { kind: 'connecting', text: 'Connecting' }
    case 'waiting':
      return { kind: 'reconnecting', text: 'Reconnecting' }
    case 'open': {
      if (newest === null) return { kind: 'connecting', text: 'Connecting' }
      const silentMs = nowMs - newest.receivedMs
      if (silentMs < limits.dashboardStaleMs) return { kind: 'live', text: 'Live' }
      return { kind: 'stale', text: `Stale ${Math.floor(silentMs / 1000)} s` }
    }
  }
}

/**
 * How late what is shown is, ms: how far the frame was behind while records came (both times by the server's clock)
 * and the time since it came (both by this machine's clock), so that no two clocks are compared. A quiet site is not
 * late: its frames go on. null = no record yet.
 */
export function dataAgeMs(stamp: FrameStamp | null | undefined, nowMs: number): number | null {
  if (stamp === null || stamp === undefined || stamp.newestRecordMs === 0) return null
  return stamp.behindMs + Math.max(0, nowMs - stamp.receivedMs)
}

/**
 * How long the site has had no events, ms, as of the newest frame; null = not known. Never more than the server's
 * ring of seconds: before that nothing is known.
 */
export function quietMs(
  series: Pick<SeriesColumns, 'second' | 'events'> | undefined,
  stamp: FrameStamp | null,
): number | null {
  if (series === undefined || stamp === null || stamp.newestRecordMs === 0) return null
  const last = series.events.findLastIndex((events) => events !== null && events > 0)
  const ringMs = limits.ringSeconds * 1_000
  if (last === -1) return ringMs
  return Math.min(ringMs, Math.max(0, stamp.atMs - (series.second[last] + 1) * 1_000))
}
