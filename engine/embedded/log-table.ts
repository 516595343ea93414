import { limits } from '@sightline/protocol/limits'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { DamageError } from '../damage-error.ts'
import type { AppendedChunk, LogBounds, LogSlice, PackedChunk } from './database-messages.ts'
import { toMessage } from './error-messages.ts'
import { PackedCursor, packedBytes, RecordPacker, recordChecksum } from './packed-records.ts'

interface LogRow {
  offset: number
  timestamp_ms: number
  key: Uint8Array
  value: Uint8Array
  crc: number
}

/** The table `log`. Runs in the database's thread; writing methods belong inside a transaction. */
export class LogTable {
  /** Records appended since the table was opened, those of failed transactions included. */
  appended = 0
  private readonly ends: number[]
  /** The ends before the transaction that is being written. */
  private savedEnds: number[]
  private readonly insert: StatementSync
  private readonly selectFrom: StatementSync
  private readonly selectBounds: StatementSync
  private readonly deleteBelow: StatementSync
  private readonly storeStart: StatementSync
  private readonly selectPassed: StatementSync

  constructor(database: DatabaseSync, partitions: number) {
    this.insert = database.prepare(
      'INSERT INTO log (partition, offset, timestamp_ms, key, value, crc) VALUES (?, ?, ?, ?, ?, ?)',
    )
    this.selectFrom = database.prepare(
      'SELECT offset, timestamp_ms, key, value, crc FROM log WHERE partition = ? AND offset >= ? ORDER BY offset',
    )
    this.selectBounds = database.prepare(
      'SELECT coalesce((SELECT start FROM log_starts WHERE partition = ?1), 0) AS start, ' +
        'coalesce((SELECT max(offset) + 1 FROM log WHERE partition = ?1), 0) AS end',
    )
    this.deleteBelow = database.prepare('DELETE FROM log WHERE partition = ? AND offset < ?')
    this.storeStart = database.prepare(
      'INSERT INTO log_starts (partition, start) VALUES (?1, ?2) ' +
        'ON CONFLICT (partition) DO UPDATE SET start = max(start, ?2)',
    )
    this.selectPassed = database.prepare(
      `SELECT offset, timestamp_ms FROM log WHERE partition = ? AND offset < ? ORDER BY offset LIMIT ${limits.upkeepRowsMax}`,
    )
    this.ends = Array.from({ length: partitions }, (_, partition) => this.storedBounds(partition).end)
    this.savedEnds = this.ends.slice()
  }

  /** Inserts all records of a chunk and writes into it the offsets that they get. */
  append(chunk: PackedChunk): AppendedChunk {
    const firstOffsets = this.ends.slice()
    const cursor = new PackedCursor(chunk.buffer, chunk.length)
    while (cursor.next()) {
      const partition = cursor.partition
      cursor.setOffset(this.ends[partition]++)
      this.appended++
      this.insert.run(
        partition,
        cursor.offset,
        cursor.timestampMs,
        cursor.key(),
        cursor.value(),
        cursor.checksum(),
      )
    }
    return { buffer: chunk.buffer, length: chunk.length, firstOffsets }
  }

  /** To be called when a transaction begins. */
  begin(): void {
    this.savedEnds = this.ends.slice()
  }

  /** Takes back the offsets given in a transaction that failed. */
  rollBack(): void {
    for (let partition = 0; partition < this.ends.length; partition++)
      this.ends[partition] = this.savedEnds[partition]
  }

  bounds(partition: number): LogBounds {
    return { start: this.storedBounds(partition).start, end: this.ends[partition] }
  }

  /** Records from an offset on, in one new buffer; none when the offset is out of range or the end. */
  read(partition: number, from: number): LogSlice {
    const bounds = this.bounds(partition)
    const none = { ...bounds, buffer: new ArrayBuffer(0), length: 0, count: 0, damage: null }
    if (from < bounds.start || from >= bounds.end) return none
    const rows: LogRow[] = []
    let bytes = 0
    let expected = from
    let damage: LogSlice['damage'] = null
    for (const found of this.selectFrom.iterate(partition, from)) {
      const row = found as unknown as LogRow
      const whole = row.offset === expected && row.crc === checksumOf(partition, row)
      if (!whole) {
        if (rows.length === 0) damage = this.damageAt(partition, expected, row.offset)
        break
      }
      expected++
      rows.push(row)
      bytes += packedBytes(row.key.length, row.value.length)
      if (bytes >= limits.readBytesMax || rows.length >= limits.readRecordsMax) break
    }
    const packer = new RecordPacker(new ArrayBuffer(bytes))
    for (const row of rows) packer.add(partition, row.offset, row.timestamp_ms, row.key, row.value)
    return { ...bounds, buffer: packer.buffer, length: packer.length, count: rows.length, damage }
  }

  /** Deletes all rows below an offset; what is deleted is never offered again. */
  trim(partition: number, offset: number): void {
    const start = Math.min(offset, this.ends[partition])
    this.deleteBelow.run(partition, start)
    this.storeStart.run(partition, start)
  }

  /**
   * Deletes a few of the oldest rows that lie below `floor` and are older than `beforeMs`.
   * @returns whether there may be more
   */
  retain(partition: number, floor: number, beforeMs: number): boolean {
    const rows = this.selectPassed.all(partition, floor) as unknown as {
      offset: number
      timestamp_ms: number
    }[]
    let count = 0
    while (count < rows.length && rows[count].timestamp_ms < beforeMs) count++
    if (count === 0) return false
    this.trim(partition, rows[count - 1].offset + 1)
    return count === limits.upkeepRowsMax
  }

  private damageAt(partition: number, wanted: number, found: number): LogSlice['damage'] {
    const error = new DamageError('table log', `partition ${partition}, offset ${wanted}`)
    const resumeAt = found > wanted ? found : wanted + 1
    return { error: toMessage(error), resumeAt }
  }

  private storedBounds(partition: number): LogBounds {
    const { start, end } = this.selectBounds.get(partition) as unknown as LogBounds
    return { start, end: Math.max(start, end) }
  }
}

function checksumOf(partition: number, row: LogRow): number {
  return recordChecksum(partition, row.offset, row.timestamp_ms, row.key, row.value)
}
