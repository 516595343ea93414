import { DamageError } from '@sightline/engine/damage-error'
import type { DeadLetter, DeadLetterQueue, LogRecord } from '@sightline/engine/log/event-log'
import type { LiveStore } from '@sightline/engine/store/live-store'
import { Trouble } from '@sightline/engine/trouble'
import { limits } from '@sightline/protocol/limits'
import { checkpoint } from './checkpoint.ts'
import { DeadLetterDraft } from './dead-letter-draft.ts'
import { foldRecord } from './fold-record.ts'
import type { OwnedPartition } from './owned-partition.ts'
import { OwnershipLost } from './ownership-lost.ts'

export interface OwnerDependencies {
  store: Pick<LiveStore, 'commit' | 'put'>
  deadLetters: Pick<DeadLetterQueue, 'put'>
  /** Monotonic ms. */
  now(): number
  sleep(ms: number): Promise<void>
  /** Least time between two commits of a partition, ms: short when somebody watches. */
  commitIntervalMs(): number
  checkpointIntervalMs: number
  /** Told, once until it is over, what has kept a partition from being stored for some seconds. */
  warn(line: string): void
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

/** A new offset to be committed with nothing folded. */
interface Skip {
  next: number
  done: () => void
  failed: (error: unknown) => void
}

const firstRetryMs = 50

/**
 * Owns one partition: folds what has arrived while the commit before was under way, then commits it, strictly one after
 * the other. So the state in memory never holds anything that isn't part of the commit that comes next, and right after
 * a commit it is exactly the state at `next`: the moment for a checkpoint.
 *
 *   records → queue → fold into draft → delta → apply to state → commit → sometimes checkpoint
 */
export class PartitionOwner {
  readonly owned: OwnedPartition
  /** Rejects with OwnershipLost or what else ended the work; resolves after drain(). */
  readonly ended: Promise<void>
  private readonly dependencies: OwnerDependencies
  private readonly letters = new DeadLetterDraft()
  private readonly commitTrouble: Trouble
  private readonly checkpointTrouble: Trouble
  private queue: Taken[] = []
  private skip: Skip | null = null
  private wake: (() => void) | null = null
  private stopping = false
  private abandoned = false
  private committedMs = -Infinity
  private checkpointMs: number

  constructor(owned: OwnedPartition, dependencies: OwnerDependencies) {
    this.owned = owned
    this.dependencies = dependencies
    this.commitTrouble = new Trouble((line) => dependencies.warn(line))
    this.checkpointTrouble = new Trouble((line) => dependencies.warn(line))
    // Partitions write their checkpoints at different moments.
    this.checkpointMs =
      dependencies.now() + (dependencies.checkpointIntervalMs * owned.partition) / limits.logPartitions
    this.ended = this.run().catch((error: unknown) => {
      this.stopping = true
      this.refuseAll(error)
      throw error
    })
    this.ended.catch(() => {})
  }

  /** Takes records; the promise resolves when they are folded and their buffers are free, and is back-pressure. */
  take(records: LogRecord[]): Promise<void> {
    if (this.stopping) return Promise.reject(this.givenUp())
    return new Promise((folded, failed) => {
      this.queue.push({ records, from: 0, arrivedMs: this.dependencies.now(), folded, failed })
      this.wake?.()
    })
  }

  /** Commits nothing but a new offset, behind what was taken: the records before it are no longer in the log. */
  skipTo(next: number): Promise<void> {
    if (this.stopping) return Promise.reject(this.givenUp())
    return new Promise((done, failed) => {
      this.skip = { next, done, failed }
      this.wake?.()
    })
  }

  /** Folds and commits what was taken, writes a checkpoint, and stops. */
  async drain(): Promise<void> {
    this.stopping = true
    this.wake?.()
    await this.ended
  }

  /**
   * Stops without waiting and without another write: the partition already belongs to somebody else, or nothing can be
   * stored. What is not committed is still in the log.
   */
  abandon(): void {
    this.stopping = true
    this.abandoned = true
    this.refuseAll(this.givenUp())
    this.wake?.()
  }

  private givenUp(): Error {
    return new Error(`partition ${this.owned.partition} is being given up`)
  }

  private refuseAll(error: unknown): void {
    for (const waiting of this.queue.splice(0)) waiting.failed(error)
    this.skip?.failed(error)
    this.skip = null
  }

  private async run(): Promise<void> {
    while (!this.abandoned) {
      if (this.queue.length > 0) {
        await this.commitInterval()
        await this.foldAndCommit()
      } else if (this.skip !== null) await this.commitSkip(this.skip)
      else if (this.stopping) break
      else await this.arrival()
      if (this.checkpointIsDue()) await this.checkpoint()
    }
    if (!this.abandoned) await this.checkpoint()
  }

  /** Waits for something to do, or until the last changes of a partition that fell quiet are due for their checkpoint. */
  private arrival(): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined
      const end = () => {
        clearTimeout(timer)
        this.wake = null
        resolve()
      }
      this.wake = end
      if (this.owned.isDirty()) {
        const due = this.checkpointMs + this.dependencies.checkpointIntervalMs - this.dependencies.now()
        timer = setTimeout(end, Math.max(0, due))
      }
    })
  }

  private async commitInterval(): Promise<void> {
    const wait = this.committedMs + this.dependencies.commitIntervalMs() - this.dependencies.now()
    if (wait > 0 && !this.stopping) await this.dependencies.sleep(wait)
  }

  private async foldAndCommit(): Promise<void> {
    const { owned, dependencies } = this
    const arrivedMs = this.queue[0]?.arrivedMs ?? 0
    const { next, count } = this.fold()
    if (next === owned.next) return
    const letters = this.letters.take()
    const beginMs = dependencies.now()
    await this.commit(next, letters)
    dependencies.onCommit?.({
      records: count,
      deadLetters: letters.length,
      waitedMs: beginMs - arrivedMs,
      commitMs: dependencies.now() - beginMs,
    })
  }

  private async commitSkip({ next, done }: Skip): Promise<void> {
    if (next > this.owned.next) await this.commit(next, [])
    this.skip = null
    done()
  }

  private async commit(next: number, letters: DeadLetter[]): Promise<void> {
    const { owned, dependencies } = this
    const { store, deadLetters } = dependencies
    this.committedMs = dependencies.now()
    // Dead letters first: written twice is harmless, committed past without them is a loss.
    if (letters.length > 0) await this.untilStored('dead letters', () => deadLetters.put(letters))
    const commit = owned.seal(next, this.committedMs)
    const outcome = await this.untilStored('a commit', () =>
      store.commit(owned.partition, owned.epoch, commit),
    )
    if (outcome !== 'ok' && outcome !== 'duplicate') throw new OwnershipLost(owned.partition, outcome)
    owned.next = next
  }

  /** Folds what is queued, as far as one commit may go. */
  private fold(): { next: number; count: number } {
    const { owned, letters } = this
    const isFull = () => owned.draft.isFull || letters.isFull
    let { next } = owned
    let count = 0
    while (this.queue.length > 0 && !isFull()) {
      const taken = this.queue[0]
      while (taken.from < taken.records.length && !isFull()) {
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

  /** Tries again until it is stored: a full disk or a broker that is away is back-pressure, not the end. */
  private async untilStored<T>(what: string, work: () => Promise<T>): Promise<T> {
    for (let delayMs = firstRetryMs; ; delayMs = Math.min(2 * delayMs, limits.storeRetryMsMax)) {
      try {
        const stored = await work()
        this.commitTrouble.over()
        return stored
      } catch (error) {
        if (this.abandoned || isHopeless(error)) throw error
        this.commitTrouble.failed(`partition ${this.owned.partition} waits with ${what}`, error)
      }
      await this.dependencies.sleep(delayMs)
      if (this.abandoned) throw this.givenUp()
    }
  }

  private checkpointIsDue(): boolean {
    const { now, checkpointIntervalMs } = this.dependencies
    return now() - this.checkpointMs >= checkpointIntervalMs && this.owned.isDirty()
  }

  private async checkpoint(): Promise<void> {
    this.checkpointMs = this.dependencies.now()
    try {
      const outcome = await checkpoint(this.owned, this.dependencies.store)
      if (outcome !== 'ok') throw new OwnershipLost(this.owned.partition, outcome)
      this.checkpointTrouble.over()
    } catch (error) {
      if (error instanceof OwnershipLost || isHopeless(error)) throw error
      // Nothing hangs on it yet: what was not written stays dirty, and its commits stay in the store.
      this.checkpointTrouble.failed(`partition ${this.owned.partition} waits with a checkpoint`, error)
    }
  }
}

/** Whether the same work can't succeed later: a fault in the program, damage, or a store that its owner has closed. */
function isHopeless(error: unknown): boolean {
  return (
    error instanceof RangeError ||
    error instanceof TypeError ||
    error instanceof DamageError ||
    (error instanceof Error && error.name === 'RedisClosedError')
  )
}
