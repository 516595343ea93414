import type { SessionNow } from '@sightline/protocol/live-frames'
import { limits } from '@sightline/protocol/limits'
import { layouts } from '../layout.ts'
import type { PartitionState } from '../partition-state.ts'
import { sessionsNow, type SessionRow } from '../sessions-now.ts'
import type { Selection } from './selection.ts'

/** Sessions active at `nowMs`, the most recently active first, at most `max`. Their exact number: activeSessions(). */
export function sessionList(
  states: readonly PartitionState[],
  { site, page, layout }: Selection,
  nowMs: number,
  max: number,
): SessionNow[] {
  const rows: SessionRow[] = []
  for (const state of states) {
    for (const row of state.store(sessionsNow).cell(`${site}`)?.rows.values() ?? []) {
      if (row.lastMs <= nowMs - limits.sessionIdleMs) continue
      if ((page !== null && row.page !== page) || (layout !== null && row.layout !== layout)) continue
      rows.push(row)
    }
  }
  rows.sort((a, b) => b.lastMs - a.lastMs || a.hash - b.hash)
  return rows.slice(0, max).map((row) => ({
    id: shortId(row.hash),
    page: row.page,
    layout: layouts[row.layout],
    xPx: Math.max(0, row.xPx),
    yPx: Math.max(0, row.yPx),
    viewportPx: row.viewportPx,
    heightPx: row.heightPx,
    events: row.events,
    firstMs: row.firstMs,
    lastMs: row.lastMs,
  }))
}

/** Six hex digits: the lower 24 bits of the hash. */
function shortId(hash: number): string {
  return (hash % 0x100_0000).toString(16).padStart(6, '0')
}
