/** Sizes of viewport and document, kept by an observer: reading layout while sealing would force it. CSS px. */
export class Viewport {
  width = innerWidth
  height = innerHeight
  documentHeight = 0
  private readonly observer: ResizeObserver

  constructor() {
    const read = () => {
      this.width = innerWidth
      this.height = innerHeight
      this.documentHeight = document.documentElement.scrollHeight
    }
    this.observer = new ResizeObserver(read)
    this.observer.observe(document.documentElement)
    read()
  }

  stop(): void {
    this.observer.disconnect()
  }
}
