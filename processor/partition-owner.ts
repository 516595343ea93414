import type { DeadLetter, DeadLetterQueue, LogRecord } from '@sightline/engine/log/event-log'
import type { CommitOutcome, LiveStore } from '@sightline/engine/store/live-store'
import type { PartitionMemory } from './partition-memory.ts'
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
  onCommit?(records: number, waitedMs: number, commitMs: number): void
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
  readonly partition: number
  private readonly memory: PartitionMemory
  private readonly dependencies: OwnerDependencies
  private queue: { records: LogRecord[]; arrivedMs: number; folded: () => void; failed: (error: unknown) => void }[] = []
  private wake: (() => void) | null = null
  private stopping = false
  private committedMs = -Infinity
  private checkpointMs: number
  /** Rejects with OwnershipLost or what else ended the work; resolves after drain(). */
  readonly ended: Promise<void>

  constructor(partition: number, memory: PartitionMemory, dependencies: OwnerDependencies) {
    this.partition = partition
    this.memory = memory
    this.dependencies = dependencies
    // Partitions write their checkpoints at different moments.
    this.checkpointMs = dependencies.now() + (dependencies.checkpointIntervalMs * partition) / 12
    this.ended = this.run().catch((error: unknown) => {
      for (const waiting of this.queue.splice(0)) waiting.failed(error)
      this.stopping = true
      throw error
    })
    this.ended.catch(() => {})
  }

  /** Takes records; the promise resolves when they are folded and their buffers are free, and is back-pressure. */
  take(records: LogRecord[]): Promise<void> {
    if (this.stopping) return Promise.reject(new Error(`partition ${this.partition} is being given up`))
    return new Promise((folded, failed) => {
      this.queue.push({ records, arrivedMs: this.dependencies.now(), folded, failed })
      this.wake?.()
    })
  }

  /** Folds and commits what was taken, writes a checkpoint, and stops. */
  async drain(): Promise<void> {
    this.stopping = true
    this.wake?.()
    await this.ended
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
    await this.checkpoint()
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
      if (this.memory.isDirty()) {
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
    const { memory, dependencies } = this
    const taken = this.queue
    this.queue = []
    const letters: DeadLetter[] = []
    let count = 0
    let next = memory.next
    for (const { records, folded } of taken) {
      for (const record of records) {
        // A read may begin before the wanted offset, since the log hands out whole batches.
        if (record.offset < next) continue
        foldRecord(memory, this.partition, record, letters)
        next = record.offset + 1
        count++
      }
      folded()
    }
    if (next === memory.next) return
    this.committedMs = dependencies.now()
    // Dead letters first: written twice is harmless, committed past without them is a loss.
    if (letters.length > 0) await dependencies.deadLetters.put(letters)
    const commit = memory.seal(next)
    const outcome = await dependencies.store.commit(this.partition, memory.epoch, commit)
    if (outcome !== 'ok' && outcome !== 'duplicate') throw new OwnershipLost(this.partition, outcome)
    memory.next = next
    const now = dependencies.now()
    dependencies.onCommit?.(count, this.committedMs - taken[0].arrivedMs, now - this.committedMs)
  }

  private async checkpoint(): Promise<void> {
    this.checkpointMs = this.dependencies.now()
    const outcome = await checkpoint(this.partition, this.memory, this.dependencies.store)
    if (outcome !== 'ok') throw new OwnershipLost(this.partition, outcome)
  }
}
