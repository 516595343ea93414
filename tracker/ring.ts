import { limits } from '@sightline/protocol/limits'

/** A sealed batch that isn't settled yet. Its bytes never change: every copy is the same. */
export interface SealedBatch {
  bytes: Uint8Array<ArrayBuffer>
  /** Events in it; 0 for a copy that an earlier page left behind, whose lane counts for itself. */
  events: number
}

/**
 * The unsettled batches, oldest first, bounded in number and bytes: beyond that the oldest are dropped and their events
 * counted.
 */
export class Ring {
  /** Events dropped so far. An upper bound of the loss: some had arrived and only their acknowledgement hadn't. */
  lostEvents = 0
  private readonly batches = new Set<SealedBatch>()
  private bytes = 0

  add(batch: SealedBatch): void {
    this.batches.add(batch)
    this.bytes += batch.bytes.length
    for (const oldest of this.batches) {
      if (this.batches.size <= limits.ringBatchesMax && this.bytes <= limits.ringBytesMax) break
      this.lostEvents += oldest.events
      this.remove(oldest)
    }
  }

  remove(batch: SealedBatch): void {
    if (this.batches.delete(batch)) this.bytes -= batch.bytes.length
  }

  /** All, oldest first. */
  all(): SealedBatch[] {
    return [...this.batches]
  }
}
