import { BatchEncoder } from '@sightline/protocol/batch-encoder'

/** A page that visitors of the load look at. */
export interface LoadPage {
  path: string
  heightPx: number
  targets: { name: string; x: number; y: number }[]
}

/** Twenty pages with five targets each. */
export const loadPages: readonly LoadPage[] = Array.from({ length: 20 }, (_, page) => ({
  path: page === 0 ? '/' : `/page/${page}`,
  heightPx: 2_400,
  targets: Array.from({ length: 5 }, (_, i) => ({
    name: `Button ${page * 5 + i}`,
    x: 200 + i * 220,
    y: 300 + ((i * 7 + page) % 9) * 200,
  })),
}))

export interface FrameTemplate {
  encoder: BatchEncoder
  page: LoadPage
  events: number
}

/**
 * Encoded frames to be sent again and again with other headers, so that the generator costs little beside what it
 * measures. Pointers wander between the targets of their page; one event in sixty is a click, one in thirty a scroll.
 */
export function frameTemplates(
  count: number,
  events: number,
  spanMs: number,
  random: () => number,
): FrameTemplate[] {
  return Array.from({ length: count }, (_, i) => {
    const page = loadPages[i % loadPages.length]
    const encoder = new BatchEncoder()
    encoder.begin(0)
    const from = page.targets[Math.floor(random() * page.targets.length)]
    const to = page.targets[Math.floor(random() * page.targets.length)]
    for (let k = 0; k < events; k++) {
      const t = Math.round((spanMs * k) / events)
      const along = k / events
      const x = Math.round(from.x + (to.x - from.x) * along + random() * 12)
      const y = Math.round(from.y + (to.y - from.y) * along + random() * 12)
      const chance = random()
      if (chance < 1 / 60) encoder.click(t, x, y, 0, to.name, 32_768, 32_768)
      else if (chance < 1 / 20) encoder.scroll(t, y)
      else encoder.move(t, x, y)
    }
    return { encoder, page, events }
  })
}
