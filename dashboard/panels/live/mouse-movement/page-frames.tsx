import type { PageCount } from '@sightline/protocol/live-frames'
import { formatCount, formatWhole } from '../../../format/numbers.ts'
import { type Tile, tileLabelPx } from '../../../worker/page-tiles.ts'
import { shorten } from '../../../format/shorten.ts'
import { frameTicks } from './frame-ticks.ts'
import styles from './mouse-movement.module.css'
import { Wireframe } from './wireframe.tsx'

/** Room for the number of events beside a page's name, and for one character of the name, CSS px. */
const eventsPx = 92
const characterPx = 6.6

interface PageFramesProps {
  site: number
  tiles: readonly Tile[]
  pages: readonly PageCount[]
  /** One page fills the area; otherwise each frame has the page's name above it. */
  single: boolean
  onPick: (page: string) => void
}

/** The frames of the pages, below the points: height lines, the fold, and names that open a page. */
export function PageFrames({ site, tiles, pages, single, onPick }: PageFramesProps) {
  return tiles.map((tile) => {
    const known = pages.find(({ page }) => page === tile.page)
    return (
      <div key={tile.page}>
        {!single && (
          <button
            type="button"
            className={styles.name}
            style={{ left: tile.x, top: tile.y - tileLabelPx, width: tile.width }}
            onClick={() => onPick(tile.page)}
            title={`Only ${tile.page}`}
          >
            <span>{shorten(tile.page, Math.max(6, Math.floor((tile.width - eventsPx) / characterPx)))}</span>
            <span>{known === undefined ? '' : `${formatCount(known.events)} events`}</span>
          </button>
        )}
        <div
          className={styles.frame}
          style={{ left: tile.x, top: tile.y, width: tile.width, height: tile.height }}
          aria-hidden="true"
        >
          <Wireframe site={site} page={tile.page} heightPx={tile.heightPx} />
          {single && <Ticks heightPx={tile.heightPx} />}
          {known?.foldPx !== undefined && known.foldPx < tile.heightPx && (
            <div className={styles.fold} style={{ top: share(known.foldPx, tile.heightPx) }}>
              {single && <span>fold, {formatWhole(known.foldPx)} px</span>}
            </div>
          )}
        </div>
      </div>
    )
  })
}

function Ticks({ heightPx }: { heightPx: number }) {
  return frameTicks(heightPx).map((y) => (
    <div key={y} className={styles.tick} style={{ top: share(y, heightPx) }}>
      <span>{formatWhole(y)} px</span>
    </div>
  ))
}

function share(y: number, heightPx: number): string {
  return `${((y / heightPx) * 100).toFixed(3)}%`
}
