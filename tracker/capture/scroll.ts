import type { StartSignal } from './signals.ts'

/** Scrolling of the page itself; browsers send at most one event per frame. */
export const startScroll: StartSignal = (signals, listen) =>
  listen('scroll', ({ target, timeStamp }) => {
    if (target === document) signals.batchAt(timeStamp).scroll(timeStamp, scrollY)
  })
