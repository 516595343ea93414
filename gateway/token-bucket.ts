/** Bounds a rate: `burst` tokens at first, refilled with `perSecond` a second up to `burst`. */
export class TokenBucket {
  private tokens: number
  private filledMs: number

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    nowMs: number,
  ) {
    this.tokens = burst
    this.filledMs = nowMs
  }

  /** Takes a token; false when there is none. A clock that steps back refills nothing and starts again from there. */
  take(nowMs: number): boolean {
    if (this.tokens < 1) this.refill(nowMs)
    if (this.tokens < 1) return false
    this.tokens--
    return true
  }

  /** Only when empty, so that a frame usually costs one subtraction. */
  private refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.filledMs)
    this.filledMs = nowMs
    this.tokens = Math.min(this.burst, this.tokens + (elapsedMs * this.perSecond) / 1_000)
  }
}
