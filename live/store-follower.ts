import { setTimeout as pause } from 'node:timers/promises'
import { PartitionState } from '@sightline/aggregates/partition-state'
import type { PointVisitor } from '@sightline/aggregates/points'
import type { Cursor, LiveStore, StoredCommit } from '@sightline/engine/store/live-store'
import { Trouble } from '@sightline/engine/trouble'
import type { Clock } from './clock.ts'
import { RecentCommits } from './recent-commits.ts'

/** How long live keeps time buckets in memory after their end, ms; older ones are read from the store when asked for. */
export const keptMs = { minute: 20 * 60_000, hour: 60 * 60_000, day: 60 * 60_000 }

/** How often partitions without state are looked for, and closed buckets dropped, ms. */
const lookMs = 500
const closeMs = 60_000
/** Before following is begun again after an error, ms. */
const againMs = 500

export interface FollowerEvents {
  /** A commit was taken in, or a partition appeared. */
  changed(): void
  /** A partition was loaded anew, or can't be read: what was shown of it may not be so any more. */
  reset(): void
}

export interface FollowerOptions {
  store: Pick<LiveStore, 'load' | 'tail'>
  partitions: number
  clock: Clock
  /** Told, once until it is over, what has kept the state from being followed for some seconds. */
  warn(line: string): void
}

/**
 * The state of all partitions, built from the store's blobs and commits and kept up to date by following the commits.
 *
 *   missing ──load──▶ followed ──chain breaks──▶ loaded anew
 *      ▲                  │ damage
 *      └──────────────────┘   looked for again twice a second, while all others are followed
 */
export class StoreFollower {
  /** null = the partition has no state yet, or one that can't be read. */
  readonly states: (PartitionState | null)[]
  readonly cursors: (Cursor | null)[]
  readonly recent: RecentCommits
  /** Who is told about points of each commit; null = nobody wants them. */
  onPoints: PointVisitor | null = null
  events: FollowerEvents = { changed() {}, reset() {} }
  private readonly options: FollowerOptions
  private readonly stopping = new AbortController()
  private readonly loads = new Map<number, Promise<void>>()
  /** Partitions with a state that can't be read at present. */
  private readonly damaged = new Set<number>()
  private readonly loadTrouble: Trouble
  private readonly tailTrouble: Trouble
  private restart = new AbortController()
  private following: Promise<void> = Promise.resolve()
  private looking = false
  private readonly timers: NodeJS.Timeout[] = []

  constructor(options: FollowerOptions) {
    this.options = options
    const { partitions, warn } = options
    this.states = Array.from({ length: partitions }, () => null)
    this.cursors = Array.from({ length: partitions }, () => null)
    this.recent = new RecentCommits(partitions)
    this.loadTrouble = new Trouble(warn)
    this.tailTrouble = new Trouble(warn)
  }

  /** Loads what there is, then follows until stop(). */
  async start(): Promise<void> {
    await this.loadMissing()
    this.following = this.follow()
    this.timers.push(setInterval(() => void this.lookForNew(), lookMs))
    this.timers.push(setInterval(() => this.closeBuckets(), closeMs))
  }

  /** Receive time of the newest record folded, ms since the epoch; 0 = none yet. */
  get newestRecordMs(): number {
    return this.states.reduce((newest, state) => Math.max(newest, state?.newestRecordMs ?? 0), 0)
  }

  /** How many partitions have a state that can't be read at present. */
  get unreadable(): number {
    return this.damaged.size
  }

  present(): PartitionState[] {
    return this.states.filter((state) => state !== null)
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer)
    this.stopping.abort()
    this.restart.abort()
    await this.following
  }

  private async follow(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.restart = new AbortController()
      const signal = AbortSignal.any([this.stopping.signal, this.restart.signal])
      try {
        await this.tail(signal)
        this.tailTrouble.over()
      } catch (error) {
        if (this.stopping.signal.aborted) return
        this.tailTrouble.failed('following the commits fails', error)
        await pause(againMs, undefined, { signal: this.stopping.signal }).catch(() => {})
      }
    }
  }

  private async tail(signal: AbortSignal): Promise<void> {
    const cursors = new Map<number, Cursor>()
    this.cursors.forEach((cursor, partition) => cursor !== null && cursors.set(partition, cursor))
    if (cursors.size === 0) return aborted(signal)
    await this.options.store.tail(
      cursors,
      {
        // What an ended tail still has under way is delivered again by the next one.
        onCommit: (partition, commit) => {
          if (!signal.aborted) this.take(partition, commit)
        },
        onBroken: async (partition) => {
          await this.load(partition)
          this.events.reset()
          return this.cursors[partition]
        },
      },
      signal,
    )
  }

  private take(partition: number, commit: StoredCommit): void {
    const state = this.states[partition]
    const cursor = this.cursors[partition]
    if (state === null || cursor === null) return
    if (commit.first !== cursor.next) {
      this.lose(partition)
      throw new Error(`partition ${partition}: a commit from ${commit.first} can't follow ${cursor.next}`)
    }
    this.cursors[partition] = { next: commit.next, epoch: commit.epoch }
    if (commit.next === commit.first) return // a claim: another owner, nothing new
    try {
      state.apply(commit.publicDelta, commit.first, commit.next, this.onPoints ?? undefined)
    } catch (error) {
      this.lose(partition)
      throw new Error(`partition ${partition}: the commit from ${commit.first} can't be read`, {
        cause: error,
      })
    }
    this.recent.add(partition, commit, this.options.clock.monotonicMs())
    this.events.changed()
  }

  /** Nothing is known of the partition until it is loaded anew. */
  private lose(partition: number): void {
    if (this.states[partition] === null) return
    this.states[partition] = null
    this.cursors[partition] = null
    this.recent.forget(partition)
    this.events.reset()
  }

  /** Loads a partition, once however many ask. Never rejects: what can't be read is missing, and looked for again. */
  private load(partition: number): Promise<void> {
    let loading = this.loads.get(partition)
    if (loading === undefined) {
      loading = this.loadOnce(partition)
        .then(
          () => void this.damaged.delete(partition),
          (error: unknown) => this.cannotLoad(partition, error),
        )
        .finally(() => this.loads.delete(partition))
      this.loads.set(partition, loading)
    }
    return loading
  }

  private async loadOnce(partition: number): Promise<void> {
    const { store, clock } = this.options
    const state = PartitionState.forLive(clock.now(), keptMs)
    const snapshot = await store.load(partition, state.wants)
    for (const blob of snapshot?.blobs ?? []) {
      const { bytes } = blob
      if (bytes !== null) state.loadBlob({ ...blob, bytes })
    }
    const commits = snapshot?.commits.filter(({ first, next }) => next > first) ?? []
    // From here on at once: nobody sees a state without its cursor. The points of a partition that is new to us are new
    // to viewers as well; those of one that is loaded anew they have seen, or get a snapshot in their place.
    const isNew = this.states[partition] === null && !this.damaged.has(partition)
    const onPoints = isNew ? (this.onPoints ?? undefined) : undefined
    for (const { publicDelta, first, next } of commits) state.apply(publicDelta, first, next, onPoints)
    this.recent.forget(partition)
    for (const commit of commits) this.recent.add(partition, commit, clock.monotonicMs())
    this.states[partition] = snapshot === null ? null : state
    this.cursors[partition] = snapshot?.cursor ?? null
  }

  private cannotLoad(partition: number, error: unknown): void {
    if (this.stopping.signal.aborted) return
    this.damaged.add(partition)
    this.lose(partition)
    this.loadTrouble.failed(`partition ${partition} can't be loaded`, error)
  }

  /** Whether a partition appeared. */
  private async loadMissing(): Promise<boolean> {
    const missing = this.states.flatMap((state, partition) => (state === null ? [partition] : []))
    await Promise.all(missing.map((partition) => this.load(partition)))
    if (this.damaged.size === 0) this.loadTrouble.over()
    return missing.some((partition) => this.states[partition] !== null)
  }

  private async lookForNew(): Promise<void> {
    if (this.looking || !this.states.includes(null)) return
    this.looking = true
    const appeared = await this.loadMissing()
    this.looking = false
    if (!appeared || this.stopping.signal.aborted) return
    this.restart.abort()
    this.events.changed()
  }

  private closeBuckets(): void {
    for (const state of this.present()) state.closeBuckets(this.options.clock.now())
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
