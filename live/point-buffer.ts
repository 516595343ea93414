import { limits } from '@sightline/protocol/limits'
import type { PointColumns } from '@sightline/protocol/live-frames'

/** Points that wait for the next frame, in reused columns. Beyond its bound it counts instead of keeping. */
export class PointBuffer {
  count = 0
  /** Points that found no room since the last clear(). */
  dropped = 0
  readonly pages: string[] = []
  private readonly x = new Uint32Array(limits.framePointsMax)
  private readonly y = new Uint32Array(limits.framePointsMax)
  private readonly session = new Uint32Array(limits.framePointsMax)
  private readonly timeMs = new Float64Array(limits.framePointsMax)
  private readonly age = new Uint16Array(limits.framePointsMax)
  private readonly viewport = new Uint16Array(limits.framePointsMax)
  private readonly page = new Uint16Array(limits.framePointsMax)
  private readonly kind = new Uint8Array(limits.framePointsMax)
  private readonly pageIndex = new Map<string, number>()

  /** Index of a page in the frame's table. At most as many pages as points. */
  pageOf(page: string): number {
    let index = this.pageIndex.get(page)
    if (index === undefined) {
      index = this.pages.length
      this.pages.push(page)
      this.pageIndex.set(page, index)
    }
    return index
  }

  add(timeMs: number, x: number, y: number, viewport: number, session: number, page: number, kind: number): void {
    const i = this.count
    if (i === limits.framePointsMax) {
      this.dropped++
      return
    }
    this.timeMs[i] = timeMs
    this.x[i] = x
    this.y[i] = y
    this.viewport[i] = viewport
    this.session[i] = session
    this.page[i] = page
    this.kind[i] = kind
    this.count = i + 1
  }

  /** The columns with ages relative to `atMs`; views, valid until the next add. */
  columns(atMs: number): PointColumns {
    for (let i = 0; i < this.count; i++) this.age[i] = Math.max(0, Math.min(65_535, atMs - this.timeMs[i]))
    const { count, x, y, session, age, viewport, page, kind } = this
    return { count, x, y, session, age, viewport, page, kind }
  }

  clear(): void {
    this.count = 0
    this.dropped = 0
    this.pages.length = 0
    this.pageIndex.clear()
  }
}
