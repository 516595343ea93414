import { limits } from '@sightline/protocol/limits'
import type { PageCount } from '@sightline/protocol/live-frames'
import type { PageTable } from './page-table.ts'
import { stableOrder } from './stable-order.ts'

/** The frame of one page on the canvas, CSS px. */
export interface Tile {
  page: string
  x: number
  y: number
  width: number
  height: number
  /** What the frame's height stands for, px of the page. */
  heightPx: number
}

/** Room above a tile for its page's name, and between tiles, CSS px. */
export const tileLabelPx = 22
const tileGapPx = 10
/** A tile leaves room for its page's name and number. */
const tileWidthMin = 140
const tileHeightMin = 96
/** Width ÷ height that a tile is best read in. */
const idealRatio = 1.15
/** How bad it is to leave all places of an arrangement empty, against tiles that are e times too wide. */
const emptyBadness = 1.2

/**
 * Which pages are drawn, and where. One page takes the whole canvas; all pages together stand side by side, the most
 * active ones, each keeping its place for as long as it is among them.
 */
export class PageTiles {
  private places: string[] = []
  private ranked: string[] = []
  private only: string | null = null
  private width = 1
  private height = 1

  /** Sizes in CSS px. */
  setSize(width: number, height: number): void {
    this.width = Math.max(1, width)
    this.height = Math.max(1, height)
  }

  /** Looks at one page, or at all (null). */
  setPage(page: string | null): void {
    this.only = page
    this.places = []
    this.ranked = []
  }

  /** Takes the server's ranking. */
  rank(pages: readonly PageCount[]): void {
    this.ranked = pages.toSorted((a, b) => b.events - a.events).map(({ page }) => page)
    this.place()
  }

  /** Points lie on this page; before the first ranking that is all that is known. */
  meet(page: string): void {
    if (this.ranked.length >= limits.dashboardTilesMax || this.ranked.includes(page)) return
    this.ranked.push(page)
    this.place()
  }

  tiles(pages: PageTable): Tile[] {
    const heightPx = (page: string) => pages.height(pages.index(page))
    if (this.only !== null)
      return [
        {
          page: this.only,
          x: 0,
          y: 0,
          width: this.width,
          height: this.height,
          heightPx: heightPx(this.only),
        },
      ]
    return tileGrid(this.places.length, this.width, this.height).map((box, i) => ({
      ...box,
      page: this.places[i],
      heightPx: heightPx(this.places[i]),
    }))
  }

  private place(): void {
    const across = columnsMax(this.width)
    const down = Math.max(1, Math.floor(this.height / tileHeightMin))
    this.places = stableOrder(this.places, this.ranked, Math.min(limits.dashboardTilesMax, across * down))
  }
}

/** `count` boxes side by side in width × height, in the arrangement whose boxes are best to read. */
export function tileGrid(count: number, width: number, height: number): Omit<Tile, 'page' | 'heightPx'>[] {
  if (count === 0) return []
  let columns = 1
  let best = Number.POSITIVE_INFINITY
  for (let candidate = 1; candidate <= Math.min(count, columnsMax(width)); candidate++) {
    const rows = Math.ceil(count / candidate)
    const ratio = width / candidate / Math.max(1, height / rows - tileLabelPx)
    const empty = candidate * rows - count
    const badness = Math.abs(Math.log(ratio / idealRatio)) + (emptyBadness * empty) / count
    if (badness < best) {
      best = badness
      columns = candidate
    }
  }
  const rows = Math.ceil(count / columns)
  const tileWidth = (width - tileGapPx * (columns - 1)) / columns
  const rowHeight = (height - tileGapPx * (rows - 1)) / rows
  return Array.from({ length: count }, (_, i) => ({
    x: (i % columns) * (tileWidth + tileGapPx),
    y: Math.floor(i / columns) * (rowHeight + tileGapPx) + tileLabelPx,
    width: tileWidth,
    height: Math.max(1, rowHeight - tileLabelPx),
  }))
}

function columnsMax(width: number): number {
  return Math.max(1, Math.floor((width + tileGapPx) / (tileWidthMin + tileGapPx)))
}
