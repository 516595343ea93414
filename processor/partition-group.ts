import type { Engine } from '@sightline/engine/engine'
import type { Consumption, LogRecord } from '@sightline/engine/log/event-log'
import { AssignedPartition, type AssignmentDependencies, type PartitionEvents } from './assigned-partition.ts'
import type { OwnerDependencies } from './partition-owner.ts'

const assignmentPollMs = 20

/**
 * The partitions that the consumer group assigns to this process. Assigned: claim, load, fold from the store's offset.
 * Revoked: drain, so that the next owner begins right behind. What goes wrong with one partition is mended for that one
 * alone.
 */
export class PartitionGroup {
  private readonly assigned = new Map<number, AssignedPartition>()
  private readonly dependencies: AssignmentDependencies
  private consumption: Consumption | null = null

  constructor(
    engine: Pick<Engine, 'log' | 'store'>,
    name: string,
    dependencies: OwnerDependencies,
    events: PartitionEvents,
  ) {
    const readAgain = (partition: number) => this.readAgain(partition)
    this.dependencies = { ...dependencies, engine, name, events, readAgain }
  }

  async join(group: string, sessionTimeoutMs: number): Promise<Consumption> {
    this.consumption = await this.dependencies.engine.log.consume({
      group,
      member: this.dependencies.name,
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
    const positions = new Map<number, number>()
    for (const [partition, { next }] of this.assigned) if (next !== null) positions.set(partition, next)
    return positions
  }

  /** Lets go of everything without waiting for the store; what is not committed is still in the log. */
  abandon(): void {
    for (const one of this.assigned.values()) one.abandon()
    this.assigned.clear()
  }

  private async assign(partitions: number[]): Promise<Map<number, number>> {
    await Promise.all(
      partitions.map((partition) => {
        const one = new AssignedPartition(partition, this.dependencies)
        this.assigned.set(partition, one)
        return one.begin()
      }),
    )
    // As they are now: one may have been lost again while others were waited for, and is read when it is mended.
    const offsets = this.positions()
    return new Map(
      partitions.flatMap((partition) => {
        const next = offsets.get(partition)
        return next === undefined ? [] : [[partition, next]]
      }),
    )
  }

  /** Has the log read a partition from the store's offset, once the log knows that it is ours. */
  private readAgain(partition: number): void {
    const next = this.assigned.get(partition)?.next ?? null
    if (next === null) return
    if (this.consumption?.assigned().includes(partition)) this.consumption.seek(partition, next)
    else setTimeout(() => this.readAgain(partition), assignmentPollMs)
  }

  private async revoke(partitions: number[], lost: boolean): Promise<void> {
    await Promise.all(
      partitions.map(async (partition) => {
        const one = this.assigned.get(partition)
        this.assigned.delete(partition)
        await one?.release(lost)
      }),
    )
  }

  private records(partition: number, records: LogRecord[]): Promise<void> | undefined {
    const newest = records.at(-1)
    if (newest !== undefined) this.dependencies.events.received?.(newest.timestampMs)
    return this.assigned.get(partition)?.take(records)
  }

  /**
   * The log does not hold the offset that the state needs. Older than its oldest record: what is gone is gone, so go on
   * behind it and say how many. Newer than its newest: this is not the log that the state was made from, so stop.
   */
  private async outOfRange(
    partition: number,
    wanted: number,
    start: number,
    end: number,
  ): Promise<number | undefined> {
    if (wanted > end) {
      throw new Error(
        `partition ${partition}: the state is at offset ${wanted}, but the log ends at ${end}; it was cut or replaced`,
      )
    }
    const skipped = await this.assigned.get(partition)?.skipTo(start)
    if (skipped !== true) return undefined
    this.dependencies.events.skipped(partition, start - wanted)
    return start
  }
}
