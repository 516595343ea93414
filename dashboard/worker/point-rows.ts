import { limits } from '@sightline/protocol/limits'
import type { FrameIntake } from './frame-intake.ts'
import type { PointRow } from './worker-messages.ts'

/** The newest clicks and the newest points, newest first, `rowsMax` in all: the scatter as a table. */
export function pointRows(intake: FrameIntake, clockMs: number, rowsMax: number): PointRow[] {
  const rows: PointRow[] = []
  const { moves, clicks, pages } = intake
  for (const [ring, kind, most] of [
    [clicks, 'click', Math.floor(rowsMax / 2)],
    [moves, 'move', rowsMax],
  ] as const) {
    for (let position = ring.next - 1; position >= ring.first && rows.length < most; position--) {
      const slot = position % ring.capacity
      rows.push({
        kind,
        page: pages.path(ring.page[slot]).slice(0, limits.pageBytesMax),
        session: (ring.session[slot] & 0xff_ffff).toString(16).padStart(6, '0'),
        xPx: ring.x[slot],
        yPx: ring.y[slot],
        viewportPx: ring.viewport[slot],
        ageMs: Math.max(0, Math.round(clockMs - ring.bornMs[slot])),
      })
    }
  }
  return rows
}
