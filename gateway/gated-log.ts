import type { ConsumeOptions, Consumption, EventLog } from '@sightline/engine/log/event-log'

type Settle = (error: Error | null, offset: number) => void

/**
 * A real log behind a gate, for tests: it can refuse records, hold settlements back, let some appends fail, or claim
 * that much is pending. Whatever it takes goes to the real log.
 */
export class GatedLog implements EventLog {
  readonly partitions: number
  /** append answers false. */
  full = false
  /** Settlements wait for release(). */
  holding = false
  /** Asked for each record that the real log has settled: an error is passed on in place of the offset. */
  fault: (value: Uint8Array) => Error | null = () => null
  /** Added to what the real log says. */
  pendingRecords = 0
  appended = 0
  lingerMs = 0
  private readonly held: (() => void)[] = []

  constructor(private readonly log: EventLog) {
    this.partitions = log.partitions
  }

  append(
    partition: number,
    key: Uint8Array,
    value: Uint8Array,
    timestampMs: number,
    settle: Settle,
  ): boolean {
    if (this.full) return false
    this.appended++
    return this.log.append(partition, key, value, timestampMs, (error, offset) => {
      const pass = () => settle(error ?? this.fault(value), offset)
      if (this.holding) this.held.push(pass)
      else pass()
    })
  }

  /** Settlements held back so far. */
  get heldCount(): number {
    return this.held.length
  }

  /** Passes on what was held back: all, or only the one at `index`. */
  release(index?: number): void {
    if (index === undefined) this.holding = false
    const released = index === undefined ? this.held.splice(0) : this.held.splice(index, 1)
    for (const pass of released) pass()
  }

  pending(): { records: number; bytes: number } {
    const { records, bytes } = this.log.pending()
    return { records: records + this.pendingRecords, bytes }
  }

  setLinger(lingerMs: number): void {
    this.lingerMs = lingerMs
  }

  identity(): Promise<string> {
    return this.log.identity()
  }

  bounds(partition: number): Promise<{ start: number; end: number }> {
    return this.log.bounds(partition)
  }

  consume(options: ConsumeOptions): Promise<Consumption> {
    return this.log.consume(options)
  }

  close(): Promise<void> {
    return this.log.close()
  }
}
