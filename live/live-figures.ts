import { DurationHistogram } from '@sightline/engine/registry/duration-histogram'
import type { Clock } from './clock.ts'

/** Arrivals that are remembered until the next frame; of more the wait of the rest is much the same. */
const arrivalsMax = 1_024

/** What a live server tells about itself: how long a commit waited for the frame that shows it, and how much it sends. */
export class LiveFigures {
  private readonly clock: Clock
  private readonly waits = new DurationHistogram()
  private waited = 0
  private arrivals: number[] = []
  private frames = 0
  private framesBefore = 0
  private slow = 0
  private takenMs: number

  constructor(clock: Clock) {
    this.clock = clock
    this.takenMs = clock.monotonicMs()
  }

  /** A commit arrived. */
  arrived(): void {
    if (this.arrivals.length < arrivalsMax) this.arrivals.push(this.clock.monotonicMs())
  }

  frameSent(): void {
    this.frames++
  }

  slowClosed(): void {
    this.slow++
  }

  /** All views have been asked for frames: what arrived before is shown, if anybody was sent something. */
  ticked(): void {
    if (this.frames > this.framesBefore) {
      const nowMs = this.clock.monotonicMs()
      for (const arrivedMs of this.arrivals) this.waits.add(nowMs - arrivedMs)
      this.waited += this.arrivals.length
    }
    this.framesBefore = this.frames
    this.arrivals = []
  }

  /** Figures since the call before; no wait is told when nobody was sent anything. */
  take(): Record<string, number> {
    const nowMs = this.clock.monotonicMs()
    const seconds = Math.max(0.001, (nowMs - this.takenMs) / 1_000)
    const figures: Record<string, number> = { framesPerSecond: this.frames / seconds, slowClosed: this.slow }
    if (this.waited > 0) {
      figures.frameWaitP50Ms = this.waits.quantileMs(0.5)
      figures.frameWaitP99Ms = this.waits.quantileMs(0.99)
    }
    this.waits.clear()
    this.waited = 0
    this.takenMs = nowMs
    this.frames = this.framesBefore = 0
    return figures
  }
}
