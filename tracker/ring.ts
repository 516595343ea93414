import { limits } from '@sightline/protocol/limits'
import type { Lane } from './lane.ts'

/** A sealed batch that isn't settled yet. Its bytes never change: every copy is the same. */
export interface SealedBatch {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Events in it; 0 for a copy that an earlier document left behind, which counts its losses itself. */
  readonly events: number
  readonly lane: Lane
  /** ms since the epoch, this browser's clock. */
  readonly sealedMs: number
}

/** The unsettled batches, bounded in number and bytes. */
export interface Ring {
  /** Oldest first. */
  readonly batches: ReadonlySet<SealedBatch>
  /**
   * Beyond the bounds the oldest are dropped and their events counted as lost. That is an upper bound: some had arrived
   * and only their acknowledgement hadn't.
   */
  add(batch: SealedBatch): void
  /** False when the batch is not here any more. */
  remove(batch: SealedBatch): boolean
}

export function createRing(): Ring {
  const batches = new Set<SealedBatch>()
  let bytes = 0
  const remove = (batch: SealedBatch) => {
    const held = batches.delete(batch)
    if (held) bytes -= batch.bytes.length
    return held
  }
  return {
    batches,
    remove,
    add(batch) {
      batches.add(batch)
      bytes += batch.bytes.length
      for (const oldest of batches) {
        if (batches.size <= limits.ringBatchesMax && bytes <= limits.ringBytesMax) break
        oldest.lane.lostRing += oldest.events
        remove(oldest)
      }
    },
  }
}
