import { listen, timeOf, type StartSignal } from './signals.ts'

/** Scrolling of the page itself; browsers send at most one event per frame. */
export const startScroll: StartSignal = (signals) =>
  listen<Event>(document, 'scroll', (event) => {
    if (event.target === document) signals.scroll(timeOf(event), Math.max(0, Math.round(scrollY)))
  })
