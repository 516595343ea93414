import { limits } from '@sightline/protocol/limits'
import { memo } from 'react'
import type { OutlineBlock, PageOutline } from '@sightline/protocol/page-outline'
import { usePageOutline } from '../../../sites/page-outline.ts'
import styles from './wireframe.module.css'

interface WireframeProps {
  site: number
  page: string
  /** What the frame's height stands for, px of the page. */
  heightPx: number
}

/** The page's own blocks behind the points, where its outline is known; nothing elsewhere. */
export function Wireframe({ site, page, heightPx }: WireframeProps) {
  const outline = usePageOutline(site, page).data?.outline
  if (outline === undefined || outline === null || outline.viewportPx <= 0 || outline.heightPx <= 0)
    return null
  return (
    <div
      className={styles.wireframe}
      style={{ height: `${((outline.heightPx / heightPx) * 100).toFixed(2)}%` }}
    >
      <Blocks outline={outline} />
    </div>
  )
}

/** Drawn once: an outline does not change while it is shown. */
const Blocks = memo(function Blocks({ outline }: { outline: PageOutline }) {
  return (
    <svg viewBox={`0 0 ${outline.viewportPx} ${outline.heightPx}`} preserveAspectRatio="none">
      {outline.blocks.slice(0, limits.dashboardOutlineBlocksMax).map((block, i) => (
        <Block key={i} {...block} />
      ))}
    </svg>
  )
})

function Block({ role, x, y, w, h }: OutlineBlock) {
  return (
    <rect
      className={styles[role]}
      x={x}
      y={y}
      width={Math.max(0, w)}
      height={Math.max(0, h)}
      rx={Math.min(12, h / 4)}
    />
  )
}
