import type { LiveStore } from '@sightline/engine/store/live-store'
import type { OwnedPartition } from './owned-partition.ts'

/** Blobs of one put; a slice of work, so that no other partition waits long. */
const blobsPerPut = 500

/**
 * Writes what changed since the last checkpoint as absolute blobs. Must be called when everything folded is committed:
 * the blobs then hold exactly the state at `next`. What fails to be written stays dirty.
 */
export async function checkpoint(
  owned: OwnedPartition,
  store: Pick<LiveStore, 'put'>,
): Promise<'ok' | 'fenced' | 'no-state'> {
  owned.state.closeBuckets()
  for (const part of [owned.memory, owned.state]) {
    while (true) {
      const blobs = part.dirtyBlobs(blobsPerPut)
      if (blobs.length === 0) break
      let outcome: 'ok' | 'fenced' | 'no-state'
      try {
        outcome = await store.put(owned.partition, owned.epoch, blobs)
      } catch (error) {
        part.markDirty(blobs)
        throw error
      }
      if (outcome !== 'ok') return outcome
      part.markClean(blobs)
    }
  }
  return 'ok'
}
