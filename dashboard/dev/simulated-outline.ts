import type { OutlineBlock, PageOutline } from '@sightline/protocol/page-outline'
import { simulatedPages, type SimulatedTarget } from './simulated-site.ts'

const viewportPx = 1_440

/** Blocks where the simulated visitors' targets are; null for a page that there isn't. */
export function simulatedOutline(path: string): PageOutline | null {
  const page = simulatedPages.find((each) => each.path === path)
  if (page === undefined) return null
  const header: OutlineBlock = { role: 'text', x: 0, y: 0, w: viewportPx, h: 68 }
  const footer: OutlineBlock = { role: 'text', x: 0, y: page.heightPx - 160, w: viewportPx, h: 160 }
  return { viewportPx, heightPx: page.heightPx, blocks: [header, ...page.targets.map(blockOf), footer] }
}

function blockOf({ name, across, downPx, widthShare, heightPx }: SimulatedTarget): OutlineBlock {
  const w = widthShare * viewportPx
  const role = /^(Product|Picture|Article|Play)/.test(name)
    ? 'image'
    : /^Headline|Reviews/.test(name)
      ? 'heading'
      : /^(Name|Address|Card)/.test(name)
        ? 'input'
        : 'button'
  return { role, x: across * viewportPx - w / 2, y: downPx - heightPx / 2, w, h: heightPx }
}
