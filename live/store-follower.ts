import { PartitionState } from '@sightline/aggregates/partition-state'
import type { PointVisitor } from '@sightline/aggregates/points'
import type { Cursor, LiveStore, StoredCommit } from '@sightline/engine/store/live-store'
import { RecentCommits } from './recent-commits.ts'

/** How long live keeps time buckets in memory after their end, ms; older ones are read from the store when asked for. */
export const keptMs = { minute: 20 * 60_000, hour: 60 * 60_000, day: 60 * 60_000 }

/** How often partitions without state are looked for, and closed buckets dropped, ms. */
const lookMs = 500
const closeMs = 60_000

export interface FollowerEvents {
  /** A commit was taken in. */
  changed(): void
  /** A partition was loaded anew: what was shown of it may not be so any more. */
  reset(): void
}

/**
 * The state of all partitions, built from the store's blobs and commits and kept up to date by following the commits.
 * A partition whose chain breaks (the store went back, or trimmed more than was read) is loaded anew.
 */
export class StoreFollower {
  /** null = the partition has no state yet. */
  readonly states: (PartitionState | null)[]
  readonly cursors: (Cursor | null)[]
  readonly recent: RecentCommits
  /** Who is told about points of each commit; set by the hub. */
  onPoints: PointVisitor | null = null
  events: FollowerEvents = { changed() {}, reset() {} }
  private readonly store: LiveStore
  private readonly now: () => number
  private readonly stopping = new AbortController()
  private restart = new AbortController()
  private following: Promise<void> = Promise.resolve()
  private failure: unknown = null
  private readonly timers: NodeJS.Timeout[] = []

  constructor({ store, partitions, now }: { store: LiveStore; partitions: number; now: () => number }) {
    this.store = store
    this.now = now
    this.states = Array.from({ length: partitions }, () => null)
    this.cursors = Array.from({ length: partitions }, () => null)
    this.recent = new RecentCommits(partitions)
  }

  /** Loads what there is, then follows until stop(). */
  async start(): Promise<void> {
    await this.loadMissing()
    this.following = this.follow().catch((error: unknown) => {
      this.failure = error
    })
    this.timers.push(setInterval(() => void this.lookForNew(), lookMs))
    this.timers.push(setInterval(() => this.closeBuckets(), closeMs))
  }

  /** Why following ended by itself; null while all is well. */
  get failed(): unknown {
    return this.failure
  }

  /** Receive time of the newest record folded, ms; 0 = none yet. */
  get newestRecordMs(): number {
    return this.states.reduce((newest, state) => Math.max(newest, state?.newestRecordMs ?? 0), 0)
  }

  present(): PartitionState[] {
    return this.states.filter((state) => state !== null)
  }

  async stop(): Promise<void> {
    this.timers.forEach(clearInterval)
    this.stopping.abort()
    this.restart.abort()
    await this.following
  }

  private async follow(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.restart = new AbortController()
      const cursors = new Map<number, Cursor>()
      this.cursors.forEach((cursor, partition) => cursor !== null && cursors.set(partition, cursor))
      if (cursors.size === 0) {
        await aborted(this.restart.signal)
        continue
      }
      await this.store.tail(
        cursors,
        {
          onCommit: (partition, commit) => this.take(partition, commit),
          onBroken: async (partition) => {
            await this.load(partition)
            this.events.reset()
            return this.cursors[partition]
          },
        },
        AbortSignal.any([this.stopping.signal, this.restart.signal]),
      )
    }
  }

  private take(partition: number, commit: StoredCommit): void {
    const state = this.states[partition]
    if (state === null) return
    const cursor = this.cursors[partition]
    this.cursors[partition] = { next: commit.next, epoch: commit.epoch }
    if (cursor !== null && commit.next === cursor.next) return // a claim: another owner, nothing new
    this.recent.add(partition, commit, this.now())
    state.apply(commit.publicDelta, commit.first, commit.next, this.onPoints ?? undefined)
    this.events.changed()
  }

  private async load(partition: number): Promise<void> {
    const state = PartitionState.forLive(this.now(), keptMs)
    const snapshot = await this.store.load(partition, state.wants)
    this.recent.forget(partition)
    if (snapshot === null) {
      this.states[partition] = null
      this.cursors[partition] = null
      return
    }
    for (const blob of snapshot.blobs) {
      const { bytes } = blob
      if (bytes !== null) state.loadBlob({ ...blob, bytes })
    }
    for (const commit of snapshot.commits) {
      if (commit.next > commit.first) state.apply(commit.publicDelta, commit.first, commit.next)
    }
    this.states[partition] = state
    this.cursors[partition] = snapshot.cursor
  }

  private async loadMissing(): Promise<boolean> {
    const missing = this.states.flatMap((state, partition) => (state === null ? [partition] : []))
    await Promise.all(missing.map((partition) => this.load(partition)))
    return missing.some((partition) => this.states[partition] !== null)
  }

  private looking = false

  private async lookForNew(): Promise<void> {
    if (this.looking || !this.states.includes(null)) return
    this.looking = true
    try {
      if (await this.loadMissing()) {
        this.restart.abort()
        this.events.changed()
      }
    } catch {
      // The store does not answer: looked for again soon, and viewers see how old their data is.
    } finally {
      this.looking = false
    }
  }

  private closeBuckets(): void {
    for (const state of this.present()) state.closeBuckets(this.now())
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
