import { setTimeout as pause } from 'node:timers/promises'
import type { Engine } from '@sightline/engine/engine'
import type { LogRecord } from '@sightline/engine/log/event-log'
import { limits } from '@sightline/protocol/limits'
import { OwnershipLost } from './ownership-lost.ts'
import { PartitionOwner, type OwnerDependencies } from './partition-owner.ts'
import { takeOver } from './take-over.ts'

/** What is told about a partition, beside the commits' own figures. */
export interface PartitionEvents {
  /** A partition had no state: it begins at the log's oldest record, which isn't 0 when older ones are gone. */
  created(partition: number, start: number): void
  /** Ownership or state was lost and is taken over anew. */
  lost(partition: number, outcome: string): void
  /** Records came from the log; the receive time of the newest, ms since the epoch. */
  received?(newestMs: number): void
  /** Records left the log before they were folded. */
  skipped(partition: number, records: number): void
  /** This process can't go on. */
  failed(error: unknown): void
}

export interface AssignmentDependencies extends OwnerDependencies {
  engine: Pick<Engine, 'log' | 'store'>
  /** Names this process in claims. */
  name: string
  events: PartitionEvents
  /** Has the log read a partition again, from the store's offset. */
  readAgain(partition: number): void
}

/** ms to wait before a partition is claimed back, and at most when it is lost again and again. */
const fencedWaitMs = 2_000
const reloadWaitMs = 200
const waitMsMax = 10_000

/**
 * One partition from its assignment to its release, through any number of owners, of which one lives at a time:
 *
 *   begin ──▶ owned ──release──▶ drained or abandoned
 *              │  ▲
 *          lost│  │taken over anew; the log is read again from the store's offset
 *              ▼  │
 *            waiting ──release──▶ nothing is claimed any more
 */
export class AssignedPartition {
  private readonly partition: number
  private readonly dependencies: AssignmentDependencies
  private readonly released = new AbortController()
  /** Resolves when nothing is waited for any more. */
  private readonly gone = Promise.withResolvers<void>()
  private owner: PartitionOwner | null = null
  private recovery: Promise<void> = Promise.resolve()
  /** Losses since an owner committed something. */
  private losses = 0

  constructor(partition: number, dependencies: AssignmentDependencies) {
    this.partition = partition
    this.dependencies = dependencies
  }

  /** The store's next offset; null while nobody here owns the partition. */
  get next(): number | null {
    return this.owner?.owned.next ?? null
  }

  /** Claims and loads; from then on `next` says where to read, unless it was released meanwhile. */
  async begin(): Promise<void> {
    while (!this.released.signal.aborted) {
      try {
        return await this.own()
      } catch (error) {
        await this.afterLoss(error)
      }
    }
  }

  /**
   * Resolves when the records are folded, or when it is sure that they will be read again. Rejects when this process
   * can't go on.
   */
  async take(records: LogRecord[]): Promise<void> {
    const { owner } = this
    if (owner === null) await Promise.race([this.gone.promise, this.recovery])
    else await owner.take(records).catch(() => this.recovered(owner))
  }

  /** Goes on behind records that the log has no more. Resolves with false when the log is being read elsewhere already. */
  async skipTo(next: number): Promise<boolean> {
    const { owner } = this
    if (owner === null) {
      await Promise.race([this.gone.promise, this.recovery])
      return false
    }
    return owner.skipTo(next).then(
      () => true,
      async () => {
        await this.recovered(owner)
        return false
      },
    )
  }

  /** `lost` = the partition already went elsewhere. Otherwise what was taken is committed, if the store takes it in time. */
  async release(lost: boolean): Promise<void> {
    this.released.abort()
    const late = () => pause(limits.releaseMsMax, undefined, { ref: false })
    // A claim that is under way must not come after that of the next owner.
    await Promise.race([this.recovery.catch(() => {}), late()])
    const { owner } = this
    this.owner = null
    if (owner === null) return
    // Somebody else may have claimed already: then there is nothing left to drain.
    if (!lost) await Promise.race([owner.drain().catch(ignoreLoss), late()])
    // Late, or lost: no longer waited for.
    owner.abandon()
    this.gone.resolve()
  }

  /** Nothing more is waited for: what is not committed is still in the log. */
  abandon(): void {
    this.released.abort()
    const { owner } = this
    this.owner = null
    owner?.abandon()
    this.gone.resolve()
  }

  private async own(): Promise<void> {
    const { engine, name, events, now } = this.dependencies
    const { owned, created } = await takeOver(engine, this.partition, name, now())
    if (this.released.signal.aborted) return
    if (created) events.created(this.partition, owned.next)
    const owner = new PartitionOwner(owned, {
      ...this.dependencies,
      onCommit: (figures) => {
        this.losses = 0
        this.dependencies.onCommit?.(figures)
      },
    })
    this.owner = owner
    owner.ended.catch((error: unknown) => this.lose(owner, error))
  }

  /** An owner has ended by itself. */
  private lose(owner: PartitionOwner, error: unknown): void {
    if (this.owner !== owner) return
    this.owner = null
    this.recovery = this.recover(error)
    this.recovery.catch((reason: unknown) => this.dependencies.events.failed(reason))
  }

  private async recover(error: unknown): Promise<void> {
    await this.afterLoss(error)
    await this.begin()
    this.dependencies.readAgain(this.partition)
  }

  /** Waits until claiming again makes sense. Throws what isn't a loss. */
  private async afterLoss(error: unknown): Promise<void> {
    if (!(error instanceof OwnershipLost)) throw error
    this.dependencies.events.lost(this.partition, error.outcome)
    // Whoever fenced this process owns the partition by the group's rules too, as a rule: this process then hears that
    // it was revoked within a heartbeat. Claiming it back at once would only fence the other.
    const wait = error.outcome === 'fenced' ? fencedWaitMs : reloadWaitMs
    const waitMs = Math.min(waitMsMax, wait * 2 ** Math.min(this.losses++, 8))
    await pause(waitMs, undefined, { signal: this.released.signal }).catch(() => {})
  }

  /** Resolves when what follows the end of an owner is done. */
  private async recovered(owner: PartitionOwner): Promise<void> {
    // `lose` was told before: it listens since the owner's beginning.
    const mended = owner.ended.catch(() => {}).then(() => this.recovery)
    await Promise.race([this.gone.promise, mended])
  }
}

function ignoreLoss(error: unknown): void {
  if (!(error instanceof OwnershipLost)) throw error
}
