import type { LogRecord } from '../log/event-log.ts'
import type { PackedChunk } from './database-messages.ts'
import { PackedCursor } from './packed-records.ts'

/** One consumption of the log in this process, as the appenders see it. */
export interface LogReader {
  /**
   * Takes records of one partition that were just made durable, in order and without holes.
   * @returns whether it still uses the records' bytes afterwards
   */
  appended(partition: number, records: LogRecord[]): boolean
}

/**
 * The consumptions of one database. The engine lives in one process, and its groups have one member each, so the
 * register of groups is plain memory.
 */
export class GroupRegister {
  private readonly members = new Map<string, string>()
  private readonly readers = new Set<LogReader>()

  /**
   * Makes `member` the one member of a group.
   * @throws Error when the group has one
   */
  join(group: string, member: string, reader: LogReader): void {
    const present = this.members.get(group)
    if (present !== undefined) {
      throw new Error(
        `group ${group} is already consumed by ${present}: the embedded engine gives all partitions to one member ` +
          `(${member} was refused)`,
      )
    }
    this.members.set(group, member)
    this.readers.add(reader)
  }

  leave(group: string, reader: LogReader): void {
    if (this.readers.delete(reader)) this.members.delete(group)
  }

  /**
   * Hands records that are durable over to all readers, without reading them from the file again.
   * @returns whether the buffer is still in use afterwards
   */
  appended(chunk: PackedChunk): boolean {
    if (this.readers.size === 0) return false
    let used = false
    const records = recordsByPartition(chunk)
    for (const reader of this.readers) {
      for (const [partition, list] of records) if (reader.appended(partition, list)) used = true
    }
    return used
  }
}

/** Views of packed records, in order, per partition. */
export function recordsByPartition(chunk: PackedChunk): Map<number, LogRecord[]> {
  const records = new Map<number, LogRecord[]>()
  const cursor = new PackedCursor(chunk.buffer, chunk.length)
  while (cursor.next()) {
    let list = records.get(cursor.partition)
    if (list === undefined) records.set(cursor.partition, (list = []))
    list.push({
      offset: cursor.offset,
      timestampMs: cursor.timestampMs,
      key: cursor.key(),
      value: cursor.value(),
    })
  }
  return records
}
