/** The two clocks of a gateway, passed in so that tests can set them. */
export interface Clock {
  /** Whole ms since the epoch: the timestamp of records. May step. */
  now(): number
  /** ms since any moment, with fractions: for durations. Never steps. */
  monotonicMs(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
}
