import { setTimeout as pause } from 'node:timers/promises'
import type { Aggregate } from '@sightline/aggregates/aggregate'
import { PartitionState } from '@sightline/aggregates/partition-state'
import type { Cover, CoverPart } from '@sightline/aggregates/queries/time-cover'
import { bucketEnd, timeBucketName } from '@sightline/aggregates/time-buckets'
import type { Blob, LiveStore } from '@sightline/engine/store/live-store'
import { limits } from '@sightline/protocol/limits'
import type { Clock } from './clock.ts'
import { Unavailable } from './problems.ts'
import { keptMs, type StoreFollower } from './store-follower.ts'

/** How long blobs that were read are believed, ms: a processor that catches up still changes old buckets. */
const believedMs = 60_000

interface Cached {
  blobs: Blob[]
  bytes: number
  readMs: number
}

export interface HistoryOptions {
  follower: StoreFollower
  store: Pick<LiveStore, 'readBlobs'>
  clock: Clock
  /** How long a question may take, ms. Default `historyMsMax`. */
  msMax?: number
}

/**
 * States that hold a range of any age: recent buckets are in memory, older ones are read from the store's blobs into
 * states of their own, so that the same queries run on both. What was read is kept for a while.
 */
export class History {
  private readonly options: HistoryOptions
  private readonly cache = new Map<string, Cached>()
  private bytes = 0

  constructor(options: HistoryOptions) {
    this.options = options
  }

  /** States with what is kept of one site in a range. @throws Unavailable when it takes too long */
  async states(
    aggregate: Aggregate<unknown, unknown>,
    site: number,
    cover: Cover,
  ): Promise<PartitionState[]> {
    const { follower } = this.options
    const old = cover.parts.filter((part) => !this.inMemory(part))
    if (old.length === 0) return follower.present()
    const recent = cover.parts.filter((part) => this.inMemory(part))
    const late = pause(this.options.msMax ?? limits.historyMsMax, null, { ref: false })
    // One state per partition with all of the range: sessions of a partition are told apart across its buckets.
    const read = Promise.all(
      follower.states.map((state, partition) => this.stateOf(partition, state, aggregate, site, old, recent)),
    )
    const states = await Promise.race([read, late])
    if (states === null)
      throw new Unavailable('The store does not answer; what is recent can still be asked for.')
    return states
  }

  private async stateOf(
    partition: number,
    state: PartitionState | null,
    aggregate: Aggregate<unknown, unknown>,
    site: number,
    old: readonly CoverPart[],
    recent: readonly CoverPart[],
  ): Promise<PartitionState> {
    const past = PartitionState.forLive(0, keptMs)
    if (state === null) return past
    for (const { resolution, startMs } of recent) past.borrowBucket(state, aggregate, resolution, startMs)
    // Never from memory, where an increment that came too late leaves an empty bucket behind.
    for (const { resolution, startMs } of old) {
      for (const blob of await this.blobs(partition, timeBucketName(aggregate.name, resolution, startMs))) {
        const { bytes, field } = blob
        if (bytes !== null && isOf(site, field)) past.loadBlob({ ...blob, bytes })
      }
    }
    return past
  }

  private inMemory({ resolution, startMs }: CoverPart): boolean {
    return bucketEnd(resolution, startMs) > this.options.clock.now() - keptMs[resolution]
  }

  private async blobs(partition: number, bucket: string): Promise<Blob[]> {
    const { store, clock } = this.options
    const key = `${partition} ${bucket}`
    const cached = this.cache.get(key)
    if (cached !== undefined && clock.monotonicMs() - cached.readMs < believedMs) return cached.blobs
    const blobs = await store.readBlobs(partition, bucket)
    const bytes = blobs.reduce((sum, blob) => sum + (blob.bytes?.length ?? 0) + blob.field.length + 100, 100)
    this.drop(key)
    this.cache.set(key, { blobs, bytes, readMs: clock.monotonicMs() })
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

/** Fields are `<site>` or begin with `<site>/`. */
function isOf(site: number, field: string): boolean {
  return field === `${site}` || field.startsWith(`${site}/`)
}
