import type { DeadLetter, DeadLetterQueue, LogRecord } from '@sightline/engine/log/event-log'
import type { CommitOutcome, LiveStore } from '@sightline/engine/store/live-store'
import { limits } from '@sightline/protocol/limits'
import type { OwnedPartition } from './owned-partition.ts'
import { foldRecord } from './fold-record.ts'
import { checkpoint } from './checkpoint.ts'

export interface OwnerDependencies {
  store: LiveStore
  deadLetters: DeadLetterQueue
  /** Monotonic ms. */
  now(): number
  sleep(ms: number): Promise<void>
  /** Least time between two commits of a partition, ms: short when somebody watches. */
  commitIntervalMs(): number
  checkpointIntervalMs: number
  /** Called after each commit, for the stage's own figures. */
  onCommit?(figures: CommitFigures): void
}

export interface CommitFigures {
  records: number
  deadLetters: number
  /** From the arrival of the oldest record to the beginning of the commit, ms. */
  waitedMs: number
  /** The commit itself, ms. */
  commitMs: number
}

/** Records that a reader handed over, folded up to `from`. */
interface Taken {
  records: LogRecord[]
  from: number
  arrivedMs: number
  folded: () => void
  failed: (error: unknown) => void
}

/** The partition's ownership or its state is lost: drop all memory of it, then take it over anew if still assigned. */
export class OwnershipLost extends Error {
  readonly outcome: Exclude<CommitOutcome, 'ok' | 'duplicate'>
  constructor(partition: number, outcome: Exclude<CommitOutcome, 'ok' | 'duplicate'>) {
    super(`partition ${partition}: ${outcome}`)
    this.outcome = outcome
  }
}

/**
 * Owns one partition: folds what has arrived while the commit before was under way, then commits it, strictly one after
 * the other. So the state in memory never holds anything that isn't part of the commit that comes next, and right after a commit
 * it is exactly the state at `next`: the moment for a checkpoint.
 *
 *   records → queue → fold into draft → delta → apply to state → commit → sometimes checkpoint
 */
export class PartitionOwner {
  readonly owned: OwnedPartition
  private readonly dependencies: OwnerDependencies
  private queue: Taken[] = []
  private wake: (() => void) | null = null
  private stopping = false
  private abandoned = false
  private committing = false
  private committedMs = -Infinity
  private checkpointMs: number
  /** Rejects with OwnershipLost or what else ended the work; resolves after drain(). */
  readonly ended: Promise<void>

  constructor(owned: OwnedPartition, dependencies: OwnerDependencies) {
    this.owned = owned
    this.dependencies = dependencies
    // Partitions write their checkpoints at different moments.
    this.checkpointMs = dependencies.now() + (dependencies.checkpointIntervalMs * owned.partition) / limits.logPartitions
    this.ended = this.run().catch((error: unknown) => {
      this.stopping = true
      for (const waiting of this.queue.splice(0)) waiting.failed(error)
      throw error
    })
    this.ended.catch(() => {})
  }

  /** Takes records; the promise resolves when they are folded and their buffers are free, and is back-pressure. */
  take(records: LogRecord[]): Promise<void> {
    if (this.stopping) return Promise.reject(new Error(`partition ${this.owned.partition} is being given up`))
    return new Promise((folded, failed) => {
      this.queue.push({ records, from: 0, arrivedMs: this.dependencies.now(), folded, failed })
      this.wake?.()
    })
  }

  /** Folds and commits what was taken, writes a checkpoint, and stops. */
  async drain(): Promise<void> {
    this.stopping = true
    this.wake?.()
    await this.ended
  }

  /** Stops without another write: the partition already belongs to somebody else. */
  abandon(): void {
    this.stopping = true
    for (const waiting of this.queue.splice(0)) waiting.folded()
    this.abandoned = true
    this.wake?.()
  }

  /** Commits nothing but a new offset: the records before it are no longer in the log. Only while nothing is queued. */
  async skipTo(next: number): Promise<void> {
    while (this.queue.length > 0 || this.committing) await this.dependencies.sleep(this.dependencies.commitIntervalMs())
    await this.commit(next, [])
  }

  private async run(): Promise<void> {
    while (true) {
      if (this.queue.length === 0) {
        if (this.stopping) break
        if ((await this.arrival()) === 'checkpoint due') await this.checkpoint()
        continue
      }
      await this.commitInterval()
      await this.foldAndCommit()
      if (this.dependencies.now() - this.checkpointMs >= this.dependencies.checkpointIntervalMs) await this.checkpoint()
    }
    if (!this.abandoned) await this.checkpoint()
  }

  /** Waits for records, or until the last changes of a partition that fell quiet are due for their checkpoint. */
  private arrival(): Promise<'records' | 'checkpoint due'> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined
      const end = (reason: 'records' | 'checkpoint due') => {
        clearTimeout(timer)
        this.wake = null
        resolve(reason)
      }
      this.wake = () => end('records')
      if (this.owned.isDirty()) {
        const due = this.checkpointMs + this.dependencies.checkpointIntervalMs - this.dependencies.now()
        timer = setTimeout(end, Math.max(0, due), 'checkpoint due')
      }
    })
  }

  private async commitInterval(): Promise<void> {
    const wait = this.committedMs + this.dependencies.commitIntervalMs() - this.dependencies.now()
    if (wait > 0 && !this.stopping) await this.dependencies.sleep(wait)
  }

  private async foldAndCommit(): Promise<void> {
    const { owned, dependencies } = this
    const arrivedMs = this.queue[0].arrivedMs
    const letters: DeadLetter[] = []
    const { next, count } = this.fold(letters)
    if (next === owned.next) return
    const beginMs = dependencies.now()
    await this.commit(next, letters)
    dependencies.onCommit?.({
      records: count,
      deadLetters: letters.length,
      waitedMs: beginMs - arrivedMs,
      commitMs: dependencies.now() - beginMs,
    })
  }

  private async commit(next: number, letters: DeadLetter[]): Promise<void> {
    const { owned, dependencies } = this
    this.committing = true
    this.committedMs = dependencies.now()
    // Dead letters first: written twice is harmless, committed past without them is a loss.
    if (letters.length > 0) await dependencies.deadLetters.put(letters)
    const commit = owned.seal(next, this.committedMs)
    const outcome = await dependencies.store.commit(owned.partition, owned.epoch, commit)
    if (outcome !== 'ok' && outcome !== 'duplicate') throw new OwnershipLost(owned.partition, outcome)
    owned.next = next
    this.committing = false
  }

  /** Folds what is queued, as far as one commit may go. */
  private fold(letters: DeadLetter[]): { next: number; count: number } {
    const { owned } = this
    let { next } = owned
    let count = 0
    while (this.queue.length > 0 && !owned.draft.isFull) {
      const taken = this.queue[0]
      while (taken.from < taken.records.length && !owned.draft.isFull) {
        const record = taken.records[taken.from++]
        // A read may begin before the wanted offset, since the log hands out whole batches.
        if (record.offset < next) continue
        foldRecord(owned, record, letters)
        next = record.offset + 1
        count++
      }
      if (taken.from < taken.records.length) break
      this.queue.shift()
      taken.folded()
    }
    return { next, count }
  }

  private async checkpoint(): Promise<void> {
    this.checkpointMs = this.dependencies.now()
    const outcome = await checkpoint(this.owned, this.dependencies.store)
    if (outcome !== 'ok') throw new OwnershipLost(this.owned.partition, outcome)
  }
}
