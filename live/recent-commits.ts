import type { StoredCommit } from '@sightline/engine/store/live-store'
import { limits } from '@sightline/protocol/limits'

/** What a resume needs of a commit. */
export type RecentCommit = Pick<StoredCommit, 'first' | 'next' | 'publicDelta'>

interface Kept extends RecentCommit {
  arrivedMs: number
}

/**
 * The commits of the last seconds of every partition, so that a viewer whose connection broke is told what it missed.
 * Bounded in time and bytes: beyond that the oldest go, and who needs them is told a gap. Times are monotonic.
 */
export class RecentCommits {
  private readonly byPartition: Kept[][]
  private bytes = 0

  constructor(partitions: number) {
    this.byPartition = Array.from({ length: partitions }, () => [])
  }

  /** Takes in a commit that continues those of its partition. */
  add(partition: number, { first, next, publicDelta }: RecentCommit, nowMs: number): void {
    this.byPartition[partition].push({ first, next, publicDelta, arrivedMs: nowMs })
    this.bytes += publicDelta.length
    for (const kept of this.byPartition) {
      while (kept.length > 0 && nowMs - kept[0].arrivedMs > limits.resumeWindowMs) this.dropOldest(kept)
    }
    while (this.bytes > limits.resumeBytesMax) this.dropOldest(this.oldest())
  }

  /** After the partition was loaded anew. */
  forget(partition: number): void {
    const kept = this.byPartition[partition]
    while (kept.length > 0) this.dropOldest(kept)
  }

  /** The commits of a partition from an offset on, oldest first; null when they aren't all here. */
  since(partition: number, next: number, current: number): RecentCommit[] | null {
    if (next === current) return []
    const kept = this.byPartition[partition]
    const from = kept.findIndex(({ first }) => first === next)
    return from < 0 ? null : kept.slice(from)
  }

  /** The partition whose oldest commit has been here longest. */
  private oldest(): Kept[] {
    return this.byPartition
      .filter((kept) => kept.length > 0)
      .reduce((oldest, kept) => (kept[0].arrivedMs < oldest[0].arrivedMs ? kept : oldest))
  }

  private dropOldest(kept: Kept[]): void {
    this.bytes -= kept.shift()?.publicDelta.length ?? 0
  }
}
