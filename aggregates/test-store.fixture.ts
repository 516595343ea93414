import type { LaneState } from './lane-windows.ts'
import type { TestCommit } from './one-partition.fixture.ts'
import { PartitionMemory } from './partition-memory.ts'
import type { BlobChange, StateBlob } from './state-blob.ts'

/** A live store in memory: blobs, and the commits that are not yet wholly in blobs. */
export class TestStore {
  readonly blobs = new Map<string, StateBlob>()
  commits: TestCommit[] = []

  put(blobs: readonly BlobChange[]): void {
    for (const { bytes, ...blob } of blobs) {
      const key = `${blob.bucket} ${blob.field}`
      if (bytes === null) this.blobs.delete(key)
      else this.blobs.set(key, { ...blob, bytes })
    }
  }

  /** What is still there when the store's clock says `nowMs`. */
  blobsAt(nowMs: number): StateBlob[] {
    return [...this.blobs.values()].filter(({ expireAtMs }) => expireAtMs === null || expireAtMs > nowMs)
  }

  trim(floor: number): void {
    this.commits = this.commits.filter(({ next }) => next > floor)
  }

  /**
   * The cells and the watermark, without offsets, for comparing. The blob of closed buckets depends on when checkpoints
   * were, those of lanes hold rows in any order, and those of names include yesterday's.
   */
  contents(): Record<string, string> {
    const entries = [...this.blobs]
      .filter(([key]) => !/^(closed|lanes|names:)/.test(key))
      .map(([key, { bytes }]) => [key, Buffer.from(bytes).toString('hex')])
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** Blobs of names of the newest day. */
  namesToday(): string[] {
    const names = [...this.blobs.values()].filter(({ bucket }) => bucket.startsWith('names:'))
    const newest = Math.max(...names.map(({ bucket }) => Number(bucket.split(':')[1])))
    return names
      .filter(({ bucket }) => bucket === `names:${newest}`)
      .map(({ field, bytes }) => `${field} ${Buffer.from(bytes).toString()}`)
      .sort()
  }

  /** The lanes that a taker-over would know, sorted. */
  lanes(): LaneState[] {
    const memory = new PartitionMemory()
    memory.loadBlobs([...this.blobs.values()])
    return [...memory.lanes.list()].sort((a, b) => a.lane - b.lane)
  }
}
