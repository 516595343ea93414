import type { BatchEncoder } from '@sightline/protocol/batch-encoder'

/**
 * Where signals go. A `timeStamp` is an event's own, ms on the page's monotonic clock: when it happened and not when a
 * busy page got to it.
 */
export interface Signals {
  /** The batch that takes an event of this time. It is asked for anew for each event. */
  batchAt(timeStamp: number): Pick<BatchEncoder, 'move' | 'scroll' | 'click'>
  /** A change in the document's life, at this moment. */
  mark(kind: number, value: string): void
  /** A pointer sample was seen and will not be sent. */
  thinned(): void
  /** From now on the page is another one; what was captured before belongs to the old page. */
  page(path: string): void
}

/** Listens on the window, or on what doesn't bubble up to it, until the tracker is stopped. */
export type Listen = <E extends Event>(type: string, handle: (event: E) => void, target?: EventTarget) => void

/** Starts to capture one kind of signal. */
export type StartSignal = (signals: Signals, listen: Listen) => void
