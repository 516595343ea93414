import { randomUUID } from 'node:crypto'
import type { Consumption, ConsumeOptions, EventLog, LogRecord } from './event-log.ts'

/** Tools of the contract suites: appending with promises, and a recorder of all that a consumption does. */

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** UTF-8 bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text)
}

/** The text of UTF-8 bytes. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** Appends one record; resolves with its offset when durable, rejects when it was refused or failed. */
export function appendOne(
  log: EventLog,
  partition: number,
  value: Uint8Array,
  key: Uint8Array = bytesOf('key'),
  timestampMs = 1_700_000_000_000,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const taken = log.append(partition, key, value, timestampMs, (error, offset) => {
      if (error) reject(error)
      else resolve(offset)
    })
    if (!taken) reject(new Error('the log did not take the record'))
  })
}

/** Appends `count` records `<from>`, `<from + 1>`, … to one partition at once; resolves when all are durable. */
export function appendNumbered(
  log: EventLog,
  partition: number,
  from: number,
  count: number,
): Promise<number[]> {
  const appends: Promise<number>[] = []
  for (let i = 0; i < count; i++) appends.push(appendOne(log, partition, bytesOf(String(from + i))))
  return Promise.all(appends)
}

/** Numbers from `from`, ascending. */
export function numbers(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i)
}

/** Resolves as soon as `reached()` is true; rejects, naming `what`, after `limitMs`. */
export async function until(what: string, reached: () => boolean, limitMs = 20_000): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!reached()) {
    if (performance.now() > deadline) throw new Error(`after ${limitMs} ms still not: ${what}`)
    await pause(5)
  }
}

/** Resolves after `ms` milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export interface RecordedCall {
  partition: number
  offsets: number[]
  endOffset: number
}

/** Keeps copies of everything that one member is told; each reaction can be replaced by a test. */
export class ConsumptionRecorder {
  readonly member: string
  readonly group: string
  /** `assign 0,1` … in the order in which things began and ended. */
  readonly steps: string[] = []
  readonly calls: RecordedCall[] = []
  readonly outOfRange: { partition: number; wanted: number; start: number; end: number }[] = []
  readonly owned = new Set<number>()
  private readonly records = new Map<number, LogRecord[]>()

  /** Where reading begins, per partition; 0 where nothing is said. */
  from = new Map<number, number>()
  onAssign: (partitions: number[]) => Promise<Map<number, number>> = async (partitions) =>
    new Map(partitions.map((partition) => [partition, this.from.get(partition) ?? 0]))
  onRevoke: (partitions: number[], lost: boolean) => Promise<void> = async () => {}
  onRecords: (partition: number, records: LogRecord[]) => Promise<void> | undefined = () => undefined
  onOutOfRange: (
    partition: number,
    wanted: number,
    start: number,
    end: number,
  ) => Promise<number | undefined> = async () => undefined

  constructor(group: string = `group-${randomUUID()}`, member = 'member-a') {
    this.group = group
    this.member = member
  }

  start(log: EventLog): Promise<Consumption> {
    return log.consume(this.options())
  }

  /** Values read from a partition so far, as numbers, in the order of their arrival. */
  numbers(partition: number): number[] {
    return this.read(partition).map((record) => Number(textOf(record.value)))
  }

  /** Copies of the records of a partition in the order of their arrival. */
  read(partition: number): LogRecord[] {
    return this.records.get(partition) ?? []
  }

  private options(): ConsumeOptions {
    return {
      group: this.group,
      member: this.member,
      onAssign: async (partitions) => {
        this.steps.push(`assign ${sorted(partitions)}`)
        const offsets = await this.onAssign(partitions)
        for (const partition of partitions) this.owned.add(partition)
        this.steps.push('assigned')
        return offsets
      },
      onRevoke: async (partitions, lost) => {
        this.steps.push(`revoke ${sorted(partitions)}${lost ? ' lost' : ''}`)
        await this.onRevoke(partitions, lost)
        for (const partition of partitions) this.owned.delete(partition)
        this.steps.push('revoked')
      },
      onRecords: (partition, records, endOffset) => this.take(partition, records, endOffset),
      onOutOfRange: (partition, wanted, start, end) => {
        this.outOfRange.push({ partition, wanted, start, end })
        return this.onOutOfRange(partition, wanted, start, end)
      },
    }
  }

  private take(partition: number, records: LogRecord[], endOffset: number): Promise<void> | undefined {
    this.steps.push(`records ${partition}`)
    this.calls.push({ partition, offsets: records.map((record) => record.offset), endOffset })
    const kept = this.records.get(partition) ?? []
    this.records.set(partition, kept)
    for (const record of records)
      kept.push({ ...record, key: record.key.slice(), value: record.value.slice() })
    return this.onRecords(partition, records)
  }
}

function sorted(partitions: number[]): string {
  return [...partitions].sort((a, b) => a - b).join(',')
}
