import { limits } from '@sightline/protocol/limits'
import type { FrameHeader, PointColumns } from '@sightline/protocol/live-frames'
import { FrameChain, type Gap } from './frame-chain.ts'
import { PageTable } from './page-table.ts'
import { PageTiles } from './page-tiles.ts'
import { PointRing } from './point-ring.ts'
import { SeriesHistory } from './series-history.ts'
import { SliceOutbox } from './slice-outbox.ts'
import type { FrameStamp } from './worker-messages.ts'

/** How long a count of skipped points is shown. */
const skippedShownMs = 60_000

export interface Intake {
  taken: boolean
  gap: Gap | null
  resubscribe: boolean
}

/** Everything that frames are folded into: the chain, the points, the slices on their way to the page. */
export class FrameIntake {
  readonly chain = new FrameChain()
  readonly moves = new PointRing(limits.dashboardPointsMax, limits.dashboardTrailsMax)
  readonly clicks = new PointRing(limits.dashboardClicksMax, limits.dashboardTrailsMax)
  readonly pages = new PageTable()
  readonly tiles = new PageTiles()
  readonly series = new SeriesHistory()
  readonly outbox = new SliceOutbox()
  asOf: FrameStamp | null = null
  /** The server's time of the last frame that brought a newer record; 0 = none did. */
  private movedAtMs = 0
  sampledOneIn = 1
  private skipped: { points: number; atMs: number }[] = []

  /**
   * @param clockMs performance.now: the clock that points are drawn by
   * @param epochMs the same instant as epoch ms: the clock that the page shows ages by
   */
  take(header: FrameHeader, points: PointColumns, clockMs: number, epochMs: number): Intake {
    const link = this.chain.link(header)
    if (!link.take) return { taken: false, gap: null, resubscribe: false }
    this.asOf = this.stamp(header, epochMs)
    this.takeSlices(header)
    this.takePoints(header, points, clockMs)
    return { taken: true, gap: link.gap, resubscribe: link.resubscribe }
  }

  /** Points that the server left out lately because this viewer was slow. */
  skippedPoints(clockMs: number): number {
    this.skipped = this.skipped.filter(({ atMs }) => clockMs - atMs < skippedShownMs)
    return this.skipped.reduce((sum, { points }) => sum + points, 0)
  }

  /** Another view, of one page or of all (null): nothing of the one before is kept. */
  clear(page: string | null): void {
    this.tiles.setPage(page)
    this.chain.startOver()
    this.moves.clear()
    this.clicks.clear()
    this.pages.clear()
    this.series.clear()
    this.outbox.clear()
    this.skipped = []
    this.asOf = null
    this.movedAtMs = 0
    this.sampledOneIn = 1
  }

  /** A record that is old because nothing came after it is no delay; one that just came and is old is. */
  private stamp({ atMs, newestRecordMs }: FrameHeader, receivedMs: number): FrameStamp {
    const before = this.asOf
    const moved = before !== null && newestRecordMs > before.newestRecordMs
    if (moved) this.movedAtMs = atMs
    const flows = atMs - this.movedAtMs < limits.dashboardStaleMs
    const behindMs = moved ? Math.max(0, atMs - newestRecordMs) : flows ? (before?.behindMs ?? 0) : 0
    return { receivedMs, atMs, newestRecordMs, behindMs }
  }

  private takeSlices(header: FrameHeader): void {
    const { outbox } = this
    const { numbers, ring, buttons, pages, edges, sessions, stages, ledger, flushMs } = header
    if (numbers !== undefined) {
      outbox.put('numbers', numbers)
      this.series.watch(numbers, header.atMs)
    }
    if (ring !== undefined) this.series.takeRing(ring)
    // The second that is still running would look like a drop at the right edge.
    if (numbers !== undefined || ring !== undefined)
      outbox.put('series', this.series.columns(Math.floor(header.atMs / 1000) - 1))
    if (buttons !== undefined) outbox.put('buttons', buttons)
    if (pages !== undefined) {
      outbox.put('pages', pages)
      this.pages.setMedians(pages)
      this.tiles.rank(pages)
    }
    if (edges !== undefined) outbox.put('edges', edges)
    if (sessions !== undefined) outbox.put('sessions', sessions)
    if (stages !== undefined) outbox.put('stages', stages)
    if (ledger !== undefined) outbox.put('ledger', ledger)
    if (flushMs !== undefined) outbox.put('flushMs', flushMs)
  }

  private takePoints(header: FrameHeader, points: PointColumns, clockMs: number): void {
    if (header.skippedPoints > 0) this.skipped.push({ points: header.skippedPoints, atMs: clockMs })
    if (this.skipped.length > limits.ringSeconds)
      this.skipped.splice(0, this.skipped.length - limits.ringSeconds)
    this.sampledOneIn = header.sampledOneIn
    const indexes = header.pointPages.map((page) => this.pages.index(page))
    for (const page of header.pointPages) this.tiles.meet(page)
    for (let i = 0; i < points.count; i++) {
      const page = indexes[points.page[i]] ?? 0
      const isClick = points.kind[i] === 1
      // Clicks are also points of the movement, so that a trail leads to them.
      if (isClick) this.add(this.clicks, points, i, page, clockMs)
      this.add(this.moves, points, i, page, clockMs)
      this.pages.reach(page, points.y[i])
    }
  }

  private add(ring: PointRing, points: PointColumns, i: number, page: number, clockMs: number): void {
    ring.add(
      points.x[i],
      points.y[i],
      Math.max(1, points.viewport[i]),
      page,
      points.session[i],
      clockMs - points.age[i],
    )
  }
}
