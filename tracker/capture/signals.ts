/** Where the signals go. Times are ms since the epoch on the page's monotonic clock, positions page px. */
export interface Signals {
  move(t: number, x: number, y: number): void
  /** A pointer sample that was seen and will not be sent. */
  thinned(): void
  scroll(t: number, y: number): void
  click(t: number, x: number, y: number, button: number, target: string, ex: number, ey: number): void
  mark(t: number, kind: number, value: string): void
  /** From now on the page is another one; what was captured before belongs to the old page. */
  page(path: string): void
}

/** Starts listening for a signal; stopListening() ends all of them. */
export type StartSignal = (signals: Signals) => void

/** Time of an event, integer ms since the epoch; event.timeStamp and not the moment at which a busy page got to it. */
export function timeOf(event: { timeStamp: number }): number {
  return Math.round(performance.timeOrigin + event.timeStamp)
}

export function nowMs(): number {
  return Math.round(performance.timeOrigin + performance.now())
}

let listening = new AbortController()

/** Listens on a target until stopListening(). Never in the page's way: first to hear of an event, and passive. */
export function listen<E extends Event>(target: EventTarget, type: string, handle: (event: E) => void): void {
  target.addEventListener(type, handle as EventListener, { capture: true, passive: true, signal: listening.signal })
}

export function stopListening(): void {
  listening.abort()
  listening = new AbortController()
}
