import type { StoredCommit } from '@sightline/engine/store/live-store'
import { limits } from '@sightline/protocol/limits'

interface Kept {
  commit: StoredCommit
  arrivedMs: number
}

/**
 * The commits of the last seconds of every partition, so that a viewer whose connection broke is told what it missed.
 * Bounded in time and bytes: beyond that the oldest go, and who needs them is told a gap.
 */
export class RecentCommits {
  private readonly byPartition: Kept[][]
  private bytes = 0

  constructor(partitions: number) {
    this.byPartition = Array.from({ length: partitions }, () => [])
  }

  add(partition: number, commit: StoredCommit, nowMs: number): void {
    this.byPartition[partition].push({ commit, arrivedMs: nowMs })
    this.bytes += commit.publicDelta.length
    for (const kept of this.byPartition) {
      while (kept.length > 0 && (this.bytes > limits.resumeBytesMax || nowMs - kept[0].arrivedMs > limits.resumeWindowMs)) {
        this.bytes -= kept.shift()?.commit.publicDelta.length ?? 0
      }
    }
  }

  /** After the partition was loaded anew. */
  forget(partition: number): void {
    for (const { commit } of this.byPartition[partition].splice(0)) this.bytes -= commit.publicDelta.length
  }

  /** Where the oldest commit kept begins; undefined when none is. */
  firstOf(partition: number): number | undefined {
    return this.byPartition[partition][0]?.commit.first
  }

  /** The commits of a partition from an offset on, oldest first; null when they aren't all here. */
  since(partition: number, next: number, current: number): StoredCommit[] | null {
    if (next === current) return []
    const kept = this.byPartition[partition]
    const from = kept.findIndex(({ commit }) => commit.first === next && commit.next > next)
    return from < 0 ? null : kept.slice(from).map(({ commit }) => commit)
  }
}
