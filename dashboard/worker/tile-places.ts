import { limits } from '@sightline/protocol/limits'
import type { PageTable } from './page-table.ts'
import type { Tile } from './page-tiles.ts'

/** Where each page's points go, in device pixels, by the page's index: no search and no object per point. */
export class TilePlaces {
  /** Width 0 = the page is not drawn. */
  readonly x = new Float64Array(limits.pagesPerSiteMax + 1)
  readonly y = new Float64Array(limits.pagesPerSiteMax + 1)
  readonly width = new Float64Array(limits.pagesPerSiteMax + 1)
  readonly height = new Float64Array(limits.pagesPerSiteMax + 1)

  /** @param scale device pixels per CSS pixel */
  set(tiles: readonly Tile[], pages: PageTable, scale: number): void {
    this.width.fill(0)
    for (const tile of tiles) {
      const index = pages.index(tile.page)
      this.x[index] = tile.x * scale
      this.y[index] = tile.y * scale
      this.width[index] = tile.width * scale
      this.height[index] = tile.height * scale
    }
  }
}
