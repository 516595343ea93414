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

/** Hands the points of each commit to the views that show them. */
export class ViewPoints implements PointVisitor {
  private readonly views: Iterable<View>
  private sampledOneIn = 1
  private showing: View[] = []
  private pages: number[] = []
  private batchNow: PointBatch | null = null
  /** Told the corrected time of every point that arrives: how long it took from the hand. */
  onPointTime: (site: number, timeMs: number) => void = () => {}

  constructor(views: Iterable<View>) {
    this.views = views
  }

  begin(sampledOneIn: number, _clicksLeftOut: number): void {
    this.sampledOneIn = sampledOneIn
  }

  batch(batch: PointBatch): void {
    this.batchNow = batch
    this.showing = []
    this.pages = []
    for (const view of this.views) {
      if (!shows(view.key, batch)) continue
      view.sampledOneIn = Math.max(view.sampledOneIn, this.sampledOneIn)
      this.showing.push(view)
      this.pages.push(view.points.pageOf(batch.page))
    }
  }

  point(timeMs: number, xPx: number, yPx: number, isClick: boolean): void {
    const batch = this.batchNow
    if (batch === null) return
    this.onPointTime(batch.site, timeMs)
    for (let i = 0; i < this.showing.length; i++) {
      this.showing[i].points.add(timeMs, xPx, yPx, batch.viewportPx, batch.session, this.pages[i], isClick ? 1 : 0)
    }
  }
}

/** Gathers the points that a resuming viewer missed. */
export class MissedPoints implements PointVisitor {
  readonly points = new PointBuffer()
  private readonly key: ViewKey
  private batchNow: PointBatch | null = null
  private page = 0

  constructor(key: ViewKey) {
    this.key = key
  }

  begin(): void {}

  batch(batch: PointBatch): void {
    this.batchNow = shows(this.key, batch) ? batch : null
    if (this.batchNow !== null) this.page = this.points.pageOf(batch.page)
  }

  point(timeMs: number, xPx: number, yPx: number, isClick: boolean): void {
    const batch = this.batchNow
    if (batch !== null) this.points.add(timeMs, xPx, yPx, batch.viewportPx, batch.session, this.page, isClick ? 1 : 0)
  }
}
