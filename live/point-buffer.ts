import { limits } from '@sightline/protocol/limits'
import type { PointColumns } from '@sightline/protocol/live-frames'

/** Points for which a buffer has room at first; it doubles as needed, since most views are quiet. */
const firstCapacity = 256

/** Points that wait for the next frame, in reused columns. Beyond `framePointsMax` it counts instead of keeping. */
export class PointBuffer {
  count = 0
  /** Points that found no room since the last clear(). */
  dropped = 0
  /** 1 = all points of the commits are here or in `dropped`; n = of the moves one in n. */
  sampledOneIn = 1
  readonly pages: string[] = []
  private readonly pageIndex = new Map<string, number>()
  private columnsNow = new Columns(firstCapacity)

  get isFull(): boolean {
    return this.count === limits.framePointsMax
  }

  /** Index of a page in the frame's table. */
  pageOf(page: string): number {
    let index = this.pageIndex.get(page)
    if (index === undefined) {
      index = this.pages.length
      this.pages.push(page)
      this.pageIndex.set(page, index)
    }
    return index
  }

  /** `timeMs` since the epoch, `kind` 0 move or 1 click. */
  add(
    timeMs: number,
    x: number,
    y: number,
    viewport: number,
    session: number,
    page: number,
    kind: number,
  ): void {
    const i = this.count
    if (i === limits.framePointsMax) {
      this.dropped++
      return
    }
    if (i === this.columnsNow.timeMs.length) this.columnsNow = this.columnsNow.doubled()
    const columns = this.columnsNow
    columns.timeMs[i] = timeMs
    columns.x[i] = x
    columns.y[i] = y
    columns.viewport[i] = viewport
    columns.session[i] = session
    columns.page[i] = page
    columns.kind[i] = kind
    this.count = i + 1
  }

  /** The columns with ages relative to `atMs`; views, valid until the next add. */
  columns(atMs: number): PointColumns {
    const { x, y, session, age, viewport, page, kind, timeMs } = this.columnsNow
    const { count } = this
    for (let i = 0; i < count; i++) age[i] = Math.max(0, Math.min(65_535, atMs - timeMs[i]))
    return { count, x, y, session, age, viewport, page, kind }
  }

  clear(): void {
    this.count = 0
    this.dropped = 0
    this.sampledOneIn = 1
    this.pages.length = 0
    this.pageIndex.clear()
  }
}

class Columns {
  readonly x: Uint32Array
  readonly y: Uint32Array
  readonly session: Uint32Array
  readonly timeMs: Float64Array
  readonly age: Uint16Array
  readonly viewport: Uint16Array
  readonly page: Uint16Array
  readonly kind: Uint8Array

  constructor(capacity: number) {
    this.x = new Uint32Array(capacity)
    this.y = new Uint32Array(capacity)
    this.session = new Uint32Array(capacity)
    this.timeMs = new Float64Array(capacity)
    this.age = new Uint16Array(capacity)
    this.viewport = new Uint16Array(capacity)
    this.page = new Uint16Array(capacity)
    this.kind = new Uint8Array(capacity)
  }

  doubled(): Columns {
    const larger = new Columns(Math.min(limits.framePointsMax, 2 * this.timeMs.length))
    larger.x.set(this.x)
    larger.y.set(this.y)
    larger.session.set(this.session)
    larger.timeMs.set(this.timeMs)
    larger.viewport.set(this.viewport)
    larger.page.set(this.page)
    larger.kind.set(this.kind)
    return larger
  }
}
