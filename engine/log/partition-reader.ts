import type { LogSlice } from '../embedded/database-messages.ts'
import { fromMessage } from '../embedded/error-messages.ts'
import { recordsByPartition } from '../embedded/group-register.ts'
import type { ConsumeOptions, LogRecord } from './event-log.ts'

/** What a partition's reader needs of its consumption. */
export interface ReaderHost {
  readonly options: ConsumeOptions
  /** Nothing may be read or told any more. */
  readonly halted: boolean
  read(partition: number, from: number, done: (error: Error | null, slice: LogSlice | null) => void): void
  /** Says what is left out, and goes on. */
  trouble(error: Error): void
  /** Ends the consumption. */
  fail(error: unknown): void
}

/**
 * Reads one partition in order. It is always in one of these states:
 *
 *     idle ──seek──▶ busy: reading a slice, waiting for the handler, or asking where to go on
 *      ▲               │
 *      └───────────────┘  idle means: nothing wanted (`position` null), or at the end: the next records that are
 *                         appended are the ones wanted and are handed over without being read from the file
 */
export class PartitionReader {
  private readonly host: ReaderHost
  private readonly partition: number
  /** Offset that is wanted next; null when nothing is. */
  private position: number | null = null
  /** Where to go on after what is under way. */
  private sought: number | null = null
  private busy = false
  private end = 0

  constructor(host: ReaderHost, partition: number) {
    this.host = host
    this.partition = partition
  }

  /** Reads on from `offset`, as soon as what is under way has ended. */
  seek(offset: number): void {
    if (this.busy) {
      this.sought = offset
      return
    }
    this.position = offset
    this.read()
  }

  /**
   * Takes records that were just appended, where they are the ones that are wanted.
   * @returns whether their bytes are still in use
   */
  appended(records: LogRecord[]): boolean {
    const first = records[0].offset
    this.end = first + records.length
    if (this.busy || this.position !== first || this.host.halted) return false
    return this.deliver(records)
  }

  private read(): void {
    if (this.host.halted || this.position === null) return
    this.busy = true
    this.host.read(this.partition, this.position, (error, slice) => {
      if (error !== null) this.host.fail(error)
      else if (slice !== null && !this.host.halted) this.takeSlice(slice)
    })
  }

  private takeSlice(slice: LogSlice): void {
    this.end = slice.end
    const position = this.position
    if (this.sought !== null || position === null) return this.goOn()
    if (slice.damage !== null) {
      this.host.trouble(fromMessage(slice.damage.error))
      return this.ask(position, slice.damage.resumeAt, slice.end)
    }
    if (position < slice.start || position > slice.end) return this.ask(position, slice.start, slice.end)
    if (slice.count === 0) return this.goOn()
    this.deliver(recordsByPartition(slice).get(this.partition) ?? [])
  }

  /** Gives records to the handler; true when it still uses them. */
  private deliver(records: LogRecord[]): boolean {
    this.busy = true
    this.position = records[records.length - 1].offset + 1
    let handled: Promise<void> | undefined
    try {
      handled = this.host.options.onRecords(this.partition, records, this.end)
    } catch (error) {
      this.host.fail(error)
      return false
    }
    if (handled === undefined) {
      this.goOn()
      return false
    }
    handled.then(
      () => this.goOn(),
      (error: unknown) => this.host.fail(error),
    )
    return true
  }

  private ask(wanted: number, start: number, end: number): void {
    Promise.resolve()
      .then(() => this.host.options.onOutOfRange(this.partition, wanted, start, end))
      .then(
        (answer) => {
          this.position = answer ?? null
          this.goOn(true)
        },
        (error: unknown) => this.host.fail(error),
      )
  }

  /** What was under way has ended: turns to what is wanted now. */
  private goOn(unchecked = false): void {
    this.busy = false
    const moved = this.sought !== null
    if (this.sought !== null) this.position = this.sought
    this.sought = null
    if (moved || unchecked || this.position !== this.end) this.read()
  }
}
