import { layouts } from '@sightline/aggregates/layout'
import type { PointBatch, PointVisitor } from '@sightline/aggregates/points'
import { PointBuffer } from './point-buffer.ts'
import type { View, ViewKey } from './view.ts'

/** Whether a batch's points belong to what a viewer looks at. */
export function shows(key: ViewKey, batch: PointBatch): boolean {
  return (
    batch.site === key.site &&
    (key.page === null || key.page === batch.page) &&
    (key.layout === null || key.layout === layouts[batch.layout])
  )
}

/** The points of one batch on their way into one buffer. */
class BatchInto {
  readonly points: PointBuffer
  private readonly batch: PointBatch
  private page = -1

  constructor(points: PointBuffer, batch: PointBatch) {
    this.points = points
    this.batch = { ...batch }
  }

  add(timeMs: number, xPx: number, yPx: number, isClick: boolean): void {
    const { points, batch } = this
    // Only a page that has a point is in the table: so it has no more pages than points.
    if (this.page < 0 && !points.isFull) this.page = points.pageOf(batch.page)
    points.add(timeMs, xPx, yPx, batch.viewportPx, batch.session, this.page, isClick ? 1 : 0)
  }
}

/** Hands the points of each commit to the views that show them. */
export class ViewPoints implements PointVisitor {
  private readonly views: Iterable<View>
  private readonly onPointTime: (site: number, timeMs: number) => void
  private sampledOneIn = 1
  private site = 0
  private showing: BatchInto[] = []

  /** `onPointTime` is told the corrected time of every point, ms since the epoch: how long it took from the hand. */
  constructor(views: Iterable<View>, onPointTime: (site: number, timeMs: number) => void) {
    this.views = views
    this.onPointTime = onPointTime
  }

  begin(sampledOneIn: number, _clicksLeftOut: number): void {
    this.sampledOneIn = sampledOneIn
  }

  batch(batch: PointBatch): void {
    this.site = batch.site
    this.showing = []
    for (const { key, points } of this.views) {
      if (!shows(key, batch)) continue
      points.sampledOneIn = Math.max(points.sampledOneIn, this.sampledOneIn)
      this.showing.push(new BatchInto(points, batch))
    }
  }

  point(timeMs: number, xPx: number, yPx: number, isClick: boolean): void {
    this.onPointTime(this.site, timeMs)
    for (const into of this.showing) into.add(timeMs, xPx, yPx, isClick)
  }
}

/** Gathers the points that a resuming viewer missed. */
export class MissedPoints implements PointVisitor {
  readonly points = new PointBuffer()
  private readonly key: ViewKey
  private sampledOneIn = 1
  private into: BatchInto | null = null

  constructor(key: ViewKey) {
    this.key = key
  }

  begin(sampledOneIn: number): void {
    this.sampledOneIn = sampledOneIn
  }

  batch(batch: PointBatch): void {
    this.into = shows(this.key, batch) ? new BatchInto(this.points, batch) : null
    if (this.into !== null) this.points.sampledOneIn = Math.max(this.points.sampledOneIn, this.sampledOneIn)
  }

  point(timeMs: number, xPx: number, yPx: number, isClick: boolean): void {
    this.into?.add(timeMs, xPx, yPx, isClick)
  }
}
