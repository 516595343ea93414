import type { LogSlice } from '../embedded/database-messages.ts'
import type { EmbeddedDatabase } from '../embedded/embedded-database.ts'
import type { LogReader } from '../embedded/group-register.ts'
import type { Consumption, ConsumeOptions, LogRecord } from './event-log.ts'
import { PartitionReader, type ReaderHost } from './partition-reader.ts'

/** The one member of a group: owns all partitions from onAssign to onRevoke. */
export class EmbeddedConsumption implements Consumption, ReaderHost, LogReader {
  readonly options: ConsumeOptions
  readonly ended: Promise<void>
  halted = false
  private readonly database: EmbeddedDatabase
  private readonly readers: PartitionReader[]
  private readonly ending = Promise.withResolvers<void>()
  private readonly assigning: Promise<void>
  private owned: number[] = []
  private stopping: Promise<void> | null = null

  /** @throws Error when the group has a member */
  constructor(database: EmbeddedDatabase, options: ConsumeOptions) {
    this.options = options
    this.database = database
    this.ended = this.ending.promise
    // Who doesn't watch `ended` learns of a failure from stop's caller; it must not end the process unseen.
    this.ended.catch(() => {})
    this.readers = Array.from(
      { length: database.partitions },
      (_, partition) => new PartitionReader(this, partition),
    )
    database.groups.join(options.group, options.member, this)
    void database.failed.then((error) => this.fail(error))
    this.assigning = this.assign()
  }

  seek(partition: number, offset: number): void {
    if (this.owned.includes(partition)) this.readers[partition].seek(offset)
  }

  assigned(): number[] {
    return [...this.owned]
  }

  async recordPosition(positions: Map<number, number>): Promise<void> {
    await this.database.call('recordPosition', { group: this.options.group, positions })
  }

  stop(): Promise<void> {
    this.stopping ??= this.drain()
    return this.stopping
  }

  appended(partition: number, records: LogRecord[]): boolean {
    return this.readers[partition].appended(records)
  }

  read(partition: number, from: number, done: (error: Error | null, slice: LogSlice | null) => void): void {
    this.database.send('read', { partition, from }, [], done)
  }

  trouble(error: Error): void {
    this.database.onTrouble(error)
  }

  fail(error: unknown): void {
    this.halted = true
    this.ending.reject(error)
  }

  private async assign(): Promise<void> {
    const partitions = this.readers.map((_, partition) => partition)
    try {
      const offsets = await this.options.onAssign([...partitions])
      this.owned = partitions
      for (const [partition, offset] of offsets) this.readers[partition].seek(offset)
    } catch (error) {
      this.fail(error)
    }
  }

  private async drain(): Promise<void> {
    this.halted = true
    await this.assigning
    try {
      if (this.owned.length > 0) await this.options.onRevoke([...this.owned], false)
      this.ending.resolve()
    } catch (error) {
      this.ending.reject(error)
      throw error
    } finally {
      this.owned = []
      this.database.groups.leave(this.options.group, this)
    }
  }
}
