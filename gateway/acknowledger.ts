import type { RefusedOrdinal } from '@sightline/protocol/delivery'
import type { Refusal } from '@sightline/protocol/errors'
import { limits } from '@sightline/protocol/limits'

const pending = 0
const decided = 1
const statesMin = 64

/**
 * The ordinals of one connection: 1, 2, 3, … in the order in which its batches arrived. Knows the longest prefix in
 * which every batch is decided (durable or refused), in whatever order the log decides them. Holds one byte per
 * undecided batch, at most limits.unsettledFramesPerConnectionMax.
 */
export class Acknowledger {
  /** State of ordinal o at o & (length - 1), for settled < o <= received. The length is a power of two. */
  private states = new Uint8Array(statesMin)
  /** Ordinals that can never be acknowledged begin here. */
  private endBefore = Number.POSITIVE_INFINITY
  /** Refused, not yet told, ascending. */
  private refused: RefusedOrdinal[] = []
  /** Batches that arrived. */
  received = 0
  /** Length of the decided prefix. */
  settled = 0
  /** What the peer was told last. */
  told = 0

  /** The ordinal of a batch that has just arrived, or 0 when too many are undecided. */
  receive(): number {
    if (this.received - this.settled === this.states.length && !this.grow()) return 0
    this.received++
    this.states[this.received & (this.states.length - 1)] = pending
    return this.received
  }

  /** The batch is durable. */
  settle(ordinal: number): void {
    const mask = this.states.length - 1
    this.states[ordinal & mask] = decided
    let next = this.settled + 1
    if (ordinal !== next) return
    while (next <= this.received && next < this.endBefore && this.states[next & mask] === decided) next++
    this.settled = next - 1
  }

  /** The batch is refused for good. Called in the order of arrival. */
  refuse(ordinal: number, refusal: Refusal): void {
    this.refused.push({ ordinal, refusal })
    this.settle(ordinal)
  }

  /** This batch and all after it stay unacknowledged, whatever becomes of them. */
  endAt(ordinal: number): void {
    if (ordinal < this.endBefore) this.endBefore = ordinal
  }

  /** Every batch that can be acknowledged is decided. */
  get complete(): boolean {
    return this.settled >= this.received || this.settled + 1 >= this.endBefore
  }

  /** Decided batches that the peer does not know of. */
  get untold(): number {
    return this.settled - this.told
  }

  /** What is to be told now: refused batches within the prefix, each once. Sets `told`. */
  tell(): RefusedOrdinal[] {
    this.told = this.settled
    if (this.refused.length === 0) return noneRefused
    let count = 0
    while (count < this.refused.length && this.refused[count].ordinal <= this.settled) count++
    return this.refused.splice(0, count)
  }

  private grow(): boolean {
    const before = this.states
    if (before.length >= limits.unsettledFramesPerConnectionMax) return false
    const after = new Uint8Array(before.length * 2)
    for (let ordinal = this.settled + 1; ordinal <= this.received; ordinal++) {
      after[ordinal & (after.length - 1)] = before[ordinal & (before.length - 1)]
    }
    this.states = after
    return true
  }
}

const noneRefused: RefusedOrdinal[] = []
