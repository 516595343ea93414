import { limits } from '@sightline/protocol/limits'
import type { EmbeddedDatabase } from '../embedded/embedded-database.ts'
import { AppendQueue } from './append-queue.ts'
import { EmbeddedConsumption } from './embedded-consumption.ts'
import type { Consumption, ConsumeOptions, EventLog } from './event-log.ts'

export interface EmbeddedLogOptions {
  /** Records that may be pending. Default limits.pendingRecordsMax. */
  pendingRecordsMax?: number
  /** Bytes of keys and values that may be pending. Default limits.pendingBytesMax. */
  pendingBytesMax?: number
}

/** The event log in the table `log` of the embedded database. */
export class EmbeddedEventLog implements EventLog {
  readonly partitions: number
  private readonly database: EmbeddedDatabase
  private readonly queue: AppendQueue
  private readonly consumptions = new Set<EmbeddedConsumption>()
  private closing: Promise<void> | null = null

  constructor(database: EmbeddedDatabase, options: EmbeddedLogOptions = {}) {
    this.database = database
    this.partitions = database.partitions
    this.queue = new AppendQueue(
      database,
      options.pendingRecordsMax ?? limits.pendingRecordsMax,
      options.pendingBytesMax ?? limits.pendingBytesMax,
    )
  }

  async identity(): Promise<string> {
    return this.database.identity
  }

  append(
    partition: number,
    key: Uint8Array,
    value: Uint8Array,
    timestampMs: number,
    settle: (error: Error | null, offset: number) => void,
  ): boolean {
    if (!(partition >= 0 && partition < this.partitions)) {
      throw new RangeError(`partition ${partition} is not one of 0 to ${this.partitions - 1}`)
    }
    return this.closing === null && this.queue.append(partition, key, value, timestampMs, settle)
  }

  bounds(partition: number): Promise<{ start: number; end: number }> {
    return this.database.call('bounds', { partition })
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    if (this.closing !== null) throw new Error('the event log is closed')
    const consumption = new EmbeddedConsumption(this.database, options)
    this.consumptions.add(consumption)
    const forget = () => void this.consumptions.delete(consumption)
    consumption.ended.then(forget, () => {})
    return consumption
  }

  pending(): { records: number; bytes: number } {
    return { records: this.queue.records, bytes: this.queue.bytes }
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  private async shutDown(): Promise<void> {
    await Promise.all([...this.consumptions].map((consumption) => consumption.stop()))
    await this.queue.whenEmpty()
  }
}
