/** The two clocks of a live server, passed in so that tests can set them. */
export interface Clock {
  /** Whole ms since the epoch: what ages and time buckets are reckoned from. May step. */
  now(): number
  /** ms since any moment: for distances and patience. Never steps. */
  monotonicMs(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
}
