import type { Aggregate } from '@sightline/aggregates/aggregate'
import { PartitionState } from '@sightline/aggregates/partition-state'
import type { Cover, CoverPart } from '@sightline/aggregates/queries/time-cover'
import { bucketEnd, timeBucketName } from '@sightline/aggregates/time-buckets'
import type { Blob, LiveStore } from '@sightline/engine/store/live-store'
import { limits } from '@sightline/protocol/limits'
import { keptMs, type StoreFollower } from './store-follower.ts'

/** How long blobs that were read are believed, ms: a processor that catches up still changes old buckets. */
const believedMs = 60_000

interface Cached {
  blobs: Blob[]
  bytes: number
  readMs: number
}

/**
 * States that hold a range of any age: recent buckets are in memory, older ones are read from the store's blobs into
 * states of their own, so that the same queries run on both. What was read is kept for a while.
 */
export class History {
  private readonly follower: StoreFollower
  private readonly store: LiveStore
  private readonly now: () => number
  private readonly cache = new Map<string, Cached>()
  private bytes = 0

  constructor({ follower, store, now }: { follower: StoreFollower; store: LiveStore; now: () => number }) {
    this.follower = follower
    this.store = store
    this.now = now
  }

  async states(aggregate: Aggregate<any, any>, cover: Cover): Promise<PartitionState[]> {
    const old = cover.parts.filter((part) => !this.inMemory(part))
    if (old.length === 0) return this.follower.present()
    // One state per partition with all of the range: sessions of a partition are told apart across its buckets.
    return Promise.all(
      this.follower.states.map(async (state, partition) => {
        const past = PartitionState.forLive(this.now(), keptMs)
        if (state === null) return past
        for (const { resolution, startMs } of cover.parts) {
          if (state.store(aggregate).bucket(resolution, startMs) !== undefined) {
            past.borrowBucket(state, aggregate, resolution, startMs)
          }
        }
        for (const { resolution, startMs } of old) {
          if (state.store(aggregate).bucket(resolution, startMs) !== undefined) continue
          for (const blob of await this.blobs(partition, timeBucketName(aggregate.name, resolution, startMs))) {
            if (blob.bytes !== null) past.loadBlob({ ...blob, bytes: blob.bytes })
          }
        }
        return past
      }),
    )
  }

  private inMemory({ resolution, startMs }: CoverPart): boolean {
    return bucketEnd(resolution, startMs) > this.now() - keptMs[resolution]
  }

  private async blobs(partition: number, bucket: string): Promise<Blob[]> {
    const key = `${partition} ${bucket}`
    const cached = this.cache.get(key)
    if (cached !== undefined && this.now() - cached.readMs < believedMs) return cached.blobs
    const blobs = await this.store.readBlobs(partition, bucket)
    const bytes = blobs.reduce((sum, blob) => sum + (blob.bytes?.length ?? 0) + blob.field.length + 100, 100)
    this.drop(key)
    this.cache.set(key, { blobs, bytes, readMs: this.now() })
    this.bytes += bytes
    for (const oldest of this.cache.keys()) {
      if (this.bytes <= limits.historyBytesMax) break
      this.drop(oldest)
    }
    return blobs
  }

  private drop(key: string): void {
    this.bytes -= this.cache.get(key)?.bytes ?? 0
    this.cache.delete(key)
  }
}
