import type { Engine } from '@sightline/engine/engine'
import type { Consumption, LogRecord } from '@sightline/engine/log/event-log'
import { OwnershipLost, PartitionOwner, type OwnerDependencies } from './partition-owner.ts'
import { takeOver } from './take-over.ts'

/** What the group tells about itself, beside the commits' own figures. */
export interface GroupEvents {
  /** A partition had no state: it begins at the log's oldest record, which isn't 0 when older ones are gone. */
  created(partition: number, start: number): void
  /** Ownership or state was lost and is taken over anew. */
  lost(partition: number, outcome: string): void
  /** Records left the log before they were folded. */
  skipped(partition: number, records: number): void
  /** This process can't go on. */
  failed(error: unknown): void
}

const fencedWaitMs = 2_000
const reloadWaitMs = 200

/**
 * The partitions that the consumer group assigns to this process. Assigned: claim, load, fold from the store's offset.
 * Revoked: drain, so that the next owner begins right behind. What goes wrong with one partition is mended for that one
 * alone.
 */
export class PartitionGroup {
  private readonly owners = new Map<number, PartitionOwner>()
  private readonly recoveries = new WeakMap<PartitionOwner, Promise<void>>()
  private readonly engine: Engine
  private readonly name: string
  private readonly dependencies: OwnerDependencies
  private readonly events: GroupEvents
  private consumption: Consumption | null = null

  constructor(engine: Engine, name: string, dependencies: OwnerDependencies, events: GroupEvents) {
    this.engine = engine
    this.name = name
    this.dependencies = dependencies
    this.events = events
  }

  async join(group: string, sessionTimeoutMs: number): Promise<Consumption> {
    this.consumption = await this.engine.log.consume({
      group,
      member: this.name,
      sessionTimeoutMs,
      onAssign: (partitions) => this.assign(partitions),
      onRevoke: (partitions, lost) => this.revoke(partitions, lost),
      onRecords: (partition, records) => this.records(partition, records),
      onOutOfRange: (partition, wanted, start, end) => this.outOfRange(partition, wanted, start, end),
    })
    return this.consumption
  }

  /** The store's next offset of each owned partition, for lag tools. */
  positions(): Map<number, number> {
    return new Map([...this.owners].map(([partition, owner]) => [partition, owner.owned.next]))
  }

  private async assign(partitions: number[]): Promise<Map<number, number>> {
    await Promise.all(partitions.map((partition) => this.own(partition)))
    return this.positions()
  }

  private async revoke(partitions: number[], lost: boolean): Promise<void> {
    await Promise.all(
      partitions.map(async (partition) => {
        const owner = this.owners.get(partition)
        this.owners.delete(partition)
        if (owner === undefined) return
        if (lost) owner.abandon()
        // Another owner may have claimed meanwhile: then there is nothing left to drain.
        else await owner.drain().catch((error: unknown) => this.unlessLost(error))
      }),
    )
  }

  private async records(partition: number, records: LogRecord[]): Promise<void> {
    const owner = this.owners.get(partition)
    if (owner === undefined) return
    try {
      await owner.take(records)
    } catch {
      // The owner has ended; what it did not commit is read again once the partition is taken over anew.
      await this.recover(partition, owner)
    }
  }

  private async own(partition: number): Promise<void> {
    const { owned, created } = await takeOver(this.engine, partition, this.name)
    if (created) this.events.created(partition, owned.next)
    const owner = new PartitionOwner(owned, this.dependencies)
    this.owners.set(partition, owner)
    owner.ended.catch(() => this.recover(partition, owner)).catch((error: unknown) => this.events.failed(error))
  }

  /** After an owner has ended by itself: once per owner, however many ask. */
  private recover(partition: number, owner: PartitionOwner): Promise<void> {
    let recovery = this.recoveries.get(owner)
    if (recovery === undefined) {
      recovery = this.takeOverAgain(partition, owner)
      this.recoveries.set(owner, recovery)
    }
    return recovery
  }

  private async takeOverAgain(partition: number, owner: PartitionOwner): Promise<void> {
    const error = await owner.ended.then(
      () => null,
      (reason: unknown) => reason,
    )
    if (error === null || this.owners.get(partition) !== owner) return
    this.unlessLost(error)
    this.owners.delete(partition)
    const { outcome } = error as OwnershipLost
    this.events.lost(partition, outcome)
    // Whoever fenced this process owns the partition by the group's rules too, as a rule: this process then hears that
    // it was revoked within a heartbeat. Claiming it back at once would only fence the other.
    await this.dependencies.sleep(outcome === 'fenced' ? fencedWaitMs : reloadWaitMs)
    if (this.consumption?.assigned().includes(partition) !== true || this.owners.has(partition)) return
    await this.own(partition)
    this.consumption.seek(partition, this.owners.get(partition)?.owned.next ?? 0)
  }

  /**
   * The log does not hold the offset that the state needs. Older than its oldest record: what is gone is gone, so go on
   * behind it and say how many. Newer than its newest: this is not the log that the state was made from, so stop.
   */
  private async outOfRange(partition: number, wanted: number, start: number, end: number): Promise<number | undefined> {
    if (wanted > end) {
      throw new Error(`partition ${partition}: the state is at offset ${wanted}, but the log ends at ${end}; it was cut or replaced`)
    }
    const owner = this.owners.get(partition)
    if (owner === undefined) return undefined
    await owner.skipTo(start)
    this.events.skipped(partition, start - wanted)
    return start
  }

  private unlessLost(error: unknown): void {
    if (!(error instanceof OwnershipLost)) throw error
  }
}
