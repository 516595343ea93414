/**
 * How far the browser's clock is from the gateway's: from pings, the sample with the shortest round trip wins, since its
 * error is at most half of that. An old sample slowly loses against new ones: clocks drift.
 */
export class Clock {
  /** Server minus client, ms. */
  offsetMs = 0
  /** Round trip of the sample, ms; 0 = no sample yet. */
  roundTripMs = 0
  private best = Infinity

  /** `sentMs` and `receivedMs` on the page's clock (performance.now), `serverMs` since the epoch. */
  sample(sentMs: number, receivedMs: number, serverMs: number): void {
    const roundTrip = receivedMs - sentMs
    this.best *= 1.02
    if (roundTrip < 0 || roundTrip > this.best) return
    this.best = roundTrip
    this.roundTripMs = Math.max(1, Math.round(roundTrip))
    this.offsetMs = Math.round(serverMs + roundTrip / 2 - (performance.timeOrigin + receivedMs))
  }

  /** After a sleep or on another gateway, old samples say nothing. */
  forget(): void {
    this.best = Infinity
  }
}
