import type { BatchHeader } from '@sightline/protocol/batch-encoder'

/** How far the browser's clock is from the gateway's, as the headers of batches tell it. */
export interface Clock extends Pick<BatchHeader, 'clockOff' | 'clockRtt'> {
  /** `sentMs` and `receivedMs` on the page's monotonic clock, `serverMs` and `nowMs`, at its receipt, since the epoch. */
  sample(sentMs: number, receivedMs: number, serverMs: number, nowMs: number): void
}

/**
 * The sample with the shortest round trip wins, since its error is at most half of that; slowly it loses against new
 * ones, as clocks drift. A sample that can't be true together with the winner shows that a clock was set, or that this
 * is another gateway, and wins too.
 */
export function createClock(): Clock {
  let best = Infinity
  const clock: Clock = {
    clockOff: 0,
    clockRtt: 0,
    sample(sentMs, receivedMs, serverMs, nowMs) {
      const roundTrip = receivedMs - sentMs
      const offset = Math.round(serverMs + roundTrip / 2 - nowMs)
      best *= 1.02
      const errorMax = (best + roundTrip) / 2 + 2 // both clocks are read in whole ms
      if (roundTrip > best && Math.abs(offset - clock.clockOff) <= errorMax) return
      best = roundTrip
      clock.clockRtt = Math.ceil(roundTrip) || 1
      clock.clockOff = offset
    },
  }
  return clock
}
