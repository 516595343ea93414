import type { FrameHeader } from '@sightline/protocol/live-frames'

/** Points that this viewer was not shown: `records` folded in between, 0 = not known how many. */
export interface Gap {
  reason: 'too-old' | 'rolled-back' | 'broken-chain'
  records: number
}

export type Link =
  /** Take the frame; a gap is to be said. `resubscribe`: its slices alone may not be whole, ask for a snapshot. */
  | { take: true; gap: Gap | null; resubscribe: boolean }
  /** Leave the frame: it belongs to the view before, or was taken already. */
  | { take: false }

/**
 * The chain rule: a frame continues the frame whose `to` equals its `from`. Anything else is a gap, and a gap is
 * always said, also when the server did not say it.
 */
export class FrameChain {
  private last: string | null = null
  private lastSequence = 0
  private wantsSnapshot = true
  private resuming = false

  /** `to` of the last frame taken, to resume from; null when only a snapshot will do. */
  get cursor(): string | null {
    return this.wantsSnapshot ? null : this.last
  }

  /** Another view, or a fresh start: frames count only from the next snapshot on. */
  startOver(): void {
    this.last = null
    this.lastSequence = 0
    this.wantsSnapshot = true
    this.resuming = false
  }

  /** A new subscription to the same view, with the cursor. */
  resume(): void {
    this.lastSequence = 0
    this.resuming = this.cursor !== null
  }

  link(header: FrameHeader): Link {
    if (header.type === 'snapshot') return this.linkSnapshot(header)
    if (this.wantsSnapshot || header.sequence <= this.lastSequence) return { take: false }
    const continues = header.from === this.last
    this.step(header)
    if (header.gap !== undefined) return { take: true, gap: header.gap, resubscribe: false }
    if (continues) return { take: true, gap: null, resubscribe: false }
    return { take: true, gap: { reason: 'broken-chain', records: 0 }, resubscribe: true }
  }

  private linkSnapshot(header: FrameHeader): Link {
    // A snapshot in place of the frames that were asked for is a gap, whether it says so or not.
    const unsaid: Gap | null =
      this.resuming && header.to !== this.last ? { reason: 'too-old', records: 0 } : null
    this.step(header)
    return { take: true, gap: header.gap ?? unsaid, resubscribe: false }
  }

  private step(header: FrameHeader): void {
    this.last = header.to
    this.lastSequence = header.sequence
    this.wantsSnapshot = false
    this.resuming = false
  }
}
