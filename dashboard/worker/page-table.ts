import { limits } from '@sightline/protocol/limits'
import type { PageCount } from '@sightline/protocol/live-frames'

/** A frame is at most this much taller than the median document, so that one endless page does not flatten the rest. */
const heightGrowthMax = 1.5
/** Height of a page of which nothing is known yet, px. */
const heightUnknownPx = 600

/**
 * Numbers the pages that points lie on, and knows how tall the frame of each is. Index 0 is shared by all pages
 * beyond the limit.
 */
export class PageTable {
  private readonly indexes = new Map<string, number>()
  private readonly paths: string[] = ['(other pages)']
  private readonly medianPx = new Float64Array(limits.pagesPerSiteMax + 1)
  private readonly heights = new Float64Array(limits.pagesPerSiteMax + 1).fill(heightUnknownPx)

  index(path: string): number {
    const known = this.indexes.get(path)
    if (known !== undefined) return known
    if (this.paths.length > limits.pagesPerSiteMax) return 0
    const index = this.paths.length
    this.indexes.set(path, index)
    this.paths.push(path)
    return index
  }

  path(index: number): string {
    return this.paths[index]
  }

  /** Height of the page's frame, px, ≥ 1. */
  height(index: number): number {
    return this.heights[index]
  }

  /** Takes the median heights that the server measured. */
  setMedians(pages: readonly PageCount[]): void {
    for (const { page, heightPx } of pages.slice(0, limits.pagesPerSiteMax)) {
      if (heightPx <= 0) continue
      const index = this.index(page)
      // Once measured, a frame only grows with the points; a median that wavers must not make the picture breathe.
      if (this.medianPx[index] === 0) this.heights[index] = heightPx
      else if (Math.abs(heightPx - this.medianPx[index]) > this.medianPx[index] * 0.1)
        this.heights[index] = heightPx
      else continue
      this.medianPx[index] = heightPx
    }
  }

  /** A point was seen so far down: the frame grows to hold it, within bounds. */
  reach(index: number, yPx: number): void {
    if (yPx < this.heights[index]) return
    const most = this.medianPx[index] > 0 ? this.medianPx[index] * heightGrowthMax : limits.positionPxMax
    this.heights[index] = Math.min(yPx + 1, Math.max(most, this.heights[index]))
  }

  clear(): void {
    this.indexes.clear()
    this.paths.length = 1
    this.medianPx.fill(0)
    this.heights.fill(heightUnknownPx)
  }
}
