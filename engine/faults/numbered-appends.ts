import type { EventLog } from '../log/event-log.ts'

/** What became of one append. */
export type Outcome = 'pending' | 'acknowledged' | 'failed' | 'refused'

const tickMs = 5

/** Appends records numbered 0, 1, 2 … to all partitions in turn, at an even rate, and keeps what becomes of each. */
export class NumberedAppends {
  readonly outcomes: Outcome[] = []
  readonly errors: Error[] = []
  /** Longest time from append to settlement, ms. */
  slowestMs = 0
  private readonly log: EventLog
  private stopped = false

  constructor(log: EventLog) {
    this.log = log
  }

  /** @param perSecond rate; an append that the log doesn't take is not tried again */
  async run(count: number, perSecond: number): Promise<void> {
    const startedAtMs = performance.now()
    while (this.outcomes.length < count && !this.stopped) {
      const due = Math.min(count, Math.ceil(((performance.now() - startedAtMs) / 1_000) * perSecond))
      while (this.outcomes.length < due) this.appendNext()
      await new Promise((resolve) => setTimeout(resolve, tickMs))
    }
  }

  /** Appends no more; run() resolves. */
  stop(): void {
    this.stopped = true
  }

  /** Numbers of the records with that outcome. */
  with(outcome: Outcome): number[] {
    return this.outcomes.flatMap((one, number) => (one === outcome ? [number] : []))
  }

  private appendNext(): void {
    const number = this.outcomes.length
    const partition = number % this.log.partitions
    const value = Buffer.alloc(150)
    value.writeUInt32BE(number)
    const sentAtMs = performance.now()
    this.outcomes.push('pending')
    const taken = this.log.append(partition, value.subarray(0, 4), value, Date.now(), (error) => {
      this.outcomes[number] = error ? 'failed' : 'acknowledged'
      this.slowestMs = Math.max(this.slowestMs, performance.now() - sentAtMs)
      if (error) this.errors.push(error)
    })
    if (!taken) this.outcomes[number] = 'refused'
  }
}

/** What of the numbered records a log holds: read by one consumer from the start of all partitions. */
export class NumberedRecords {
  /** Numbers in the order in which each partition holds them. */
  readonly byPartition: number[][] = []
  /** Deliveries that did not follow the one before: must stay empty. */
  readonly jumps: string[] = []
  private readonly nextOffsets: number[] = []

  take(partition: number, offset: number, value: Uint8Array): void {
    const expected = this.next(partition)
    if (offset !== expected) this.jumps.push(`partition ${partition}: offset ${offset} after ${expected - 1}`)
    this.nextOffsets[partition] = offset + 1
    const numbers = (this.byPartition[partition] ??= [])
    numbers.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength).readUInt32BE())
  }

  /** Where reading goes on: the offset after the last one taken. */
  next(partition: number): number {
    return this.nextOffsets[partition] ?? 0
  }

  get count(): number {
    return this.byPartition.reduce((sum, numbers) => sum + (numbers?.length ?? 0), 0)
  }

  /** Compares with what was appended. All three must be empty. */
  compare(appends: NumberedAppends): { lost: number[]; doubled: number[]; reordered: number[] } {
    const seen = new Map<number, number>()
    const reordered: number[] = []
    for (const numbers of this.byPartition) {
      for (let i = 0; i < (numbers?.length ?? 0); i++) {
        seen.set(numbers[i], (seen.get(numbers[i]) ?? 0) + 1)
        if (i > 0 && numbers[i] < numbers[i - 1]) reordered.push(numbers[i])
      }
    }
    const lost = appends.with('acknowledged').filter((number) => !seen.has(number))
    const doubled = [...seen].filter(([, times]) => times > 1).map(([number]) => number)
    return { lost, doubled, reordered }
  }
}
