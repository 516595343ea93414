import { limits } from '@sightline/protocol/limits'
import type { PageTable } from './page-table.ts'
import type { Tile } from './page-tiles.ts'

/** Where each page's points go, in device pixels, by the page's index: no search, no division and no object per point. */
export class TilePlaces {
  readonly left = new Float64Array(limits.pagesPerSiteMax + 1)
  readonly top = new Float64Array(limits.pagesPerSiteMax + 1)
  /** First column and row behind the tile. */
  readonly right = new Float64Array(limits.pagesPerSiteMax + 1)
  readonly bottom = new Float64Array(limits.pagesPerSiteMax + 1)
  /** Device pixels for the whole width of a viewport; 0 = the page is not drawn. */
  readonly width = new Float64Array(limits.pagesPerSiteMax + 1)
  /** Device pixels for one px down the page. */
  readonly perPx = new Float64Array(limits.pagesPerSiteMax + 1)

  /** @param scale device pixels per CSS pixel */
  set(tiles: readonly Tile[], pages: PageTable, scale: number): void {
    this.width.fill(0)
    for (const { page, x, y, width, height, heightPx } of tiles) {
      const index = pages.index(page)
      this.left[index] = x * scale
      this.top[index] = y * scale
      this.right[index] = (x + width) * scale
      this.bottom[index] = (y + height) * scale
      this.width[index] = width * scale
      this.perPx[index] = (height * scale) / heightPx
    }
  }
}
