import { limits } from '@sightline/protocol/limits'
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
 * How old the newest record in what is shown is, ms: its age when the frame was made (both times by the server's
 * clock) and the time since (both by this machine's clock), so that no two clocks are compared. null = no record yet.
 */
export function dataAgeMs(stamp: FrameStamp | null | undefined, nowMs: number): number | null {
  if (stamp === null || stamp === undefined || stamp.newestRecordMs === 0) return null
  return Math.max(0, stamp.atMs - stamp.newestRecordMs) + Math.max(0, nowMs - stamp.receivedMs)
}
