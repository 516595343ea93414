import type { BatchHeader } from '@sightline/protocol/batch-encoder'
import type { Listen } from './capture/signals.ts'

/** Sizes of viewport and document; kept up to date, since reading layout while sealing would force it. */
export interface Viewport extends Pick<BatchHeader, 'vw' | 'vh' | 'dh'> {
  stop(): void
}

export function watchViewport(listen: Listen): Viewport {
  const read = () => {
    viewport.vw = innerWidth
    viewport.vh = innerHeight
    viewport.dh = document.documentElement.scrollHeight
  }
  const observer = new ResizeObserver(read)
  const viewport = { vw: 0, vh: 0, dh: 0, stop: () => observer.disconnect() }
  observer.observe(document.documentElement)
  // A document of fixed height may have grown inside; while it scrolls its layout is at hand.
  for (const type of ['resize', 'scroll']) listen(type, read)
  read()
  return viewport
}
