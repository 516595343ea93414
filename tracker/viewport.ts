import type { Listen } from './capture/signals.ts'

/** Sizes of viewport and document, CSS px; kept up to date, since reading layout while sealing would force it. */
export interface Viewport {
  width: number
  height: number
  documentHeight: number
  stop(): void
}

export function watchViewport(listen: Listen): Viewport {
  const read = () => {
    viewport.width = innerWidth
    viewport.height = innerHeight
    viewport.documentHeight = document.documentElement.scrollHeight
  }
  const observer = new ResizeObserver(read)
  const viewport = { width: 0, height: 0, documentHeight: 0, stop: () => observer.disconnect() }
  observer.observe(document.documentElement)
  // A document of fixed height may have grown inside; while it scrolls its layout is at hand.
  for (const type of ['resize', 'scroll']) listen(type, read)
  read()
  return viewport
}
