import { limits } from '@sightline/protocol/limits'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { DamageError } from '../damage-error.ts'
import type { Blob } from '../store/live-store.ts'

interface BlobRow {
  field: string
  upto: number
  bytes: Uint8Array
  crc: number
  expire_at_ms: number | null
}

/** The table `blobs`. Runs in the database's thread; writing methods belong inside a transaction. */
export class BlobTable {
  private readonly store: StatementSync
  private readonly remove: StatementSync
  private readonly selectBuckets: StatementSync
  private readonly selectBucket: StatementSync
  private readonly selectField: StatementSync
  private readonly deleteExpired: StatementSync

  constructor(database: DatabaseSync) {
    this.store = database.prepare(
      'INSERT OR REPLACE INTO blobs (partition, bucket, field, upto, bytes, crc, expire_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    this.remove = database.prepare('DELETE FROM blobs WHERE partition = ? AND bucket = ? AND field = ?')
    const unexpired = '(expire_at_ms IS NULL OR expire_at_ms > ?)'
    this.selectBuckets = database.prepare(
      `SELECT DISTINCT bucket FROM blobs WHERE partition = ? AND ${unexpired}`,
    )
    const columns = 'field, upto, bytes, crc, expire_at_ms'
    this.selectBucket = database.prepare(
      `SELECT ${columns} FROM blobs WHERE partition = ? AND bucket = ? AND ${unexpired} ORDER BY field`,
    )
    this.selectField = database.prepare(
      `SELECT ${columns} FROM blobs WHERE partition = ? AND bucket = ? AND field = ? AND ${unexpired}`,
    )
    this.deleteExpired = database.prepare(
      `DELETE FROM blobs WHERE rowid IN (SELECT rowid FROM blobs WHERE expire_at_ms <= ? LIMIT ${limits.upkeepRowsMax})`,
    )
  }

  /** Replaces or deletes blobs. */
  put(partition: number, blobs: Blob[]): void {
    for (const blob of blobs) {
      if (blob.bytes === null) {
        this.remove.run(partition, blob.bucket, blob.field)
        continue
      }
      const crc = checksumOf(partition, blob.bucket, blob.field, blob.upto, blob.bytes)
      this.store.run(partition, blob.bucket, blob.field, blob.upto, blob.bytes, crc, blob.expireAtMs)
    }
  }

  /** Names of the buckets that exist at `nowMs`. */
  buckets(partition: number, nowMs: number): string[] {
    return this.selectBuckets.all(partition, nowMs).map((row) => String(row.bucket))
  }

  /**
   * Blobs of one bucket that exist at `nowMs`: all, or those of the named fields.
   * @throws DamageError
   */
  read(partition: number, bucket: string, fields: string[] | null, nowMs: number): Blob[] {
    const rows =
      fields === null
        ? this.selectBucket.all(partition, bucket, nowMs)
        : fields
            .map((field) => this.selectField.get(partition, bucket, field, nowMs))
            .filter((row) => row !== undefined)
    return (rows as unknown as BlobRow[]).map((row) => {
      if (row.crc !== checksumOf(partition, bucket, row.field, row.upto, row.bytes)) {
        throw new DamageError('table blobs', `partition ${partition}, bucket ${bucket}, field ${row.field}`)
      }
      return { bucket, field: row.field, upto: row.upto, bytes: row.bytes, expireAtMs: row.expire_at_ms }
    })
  }

  /**
   * Deletes a few blobs that have expired.
   * @returns whether there may be more
   */
  expire(nowMs: number): boolean {
    return Number(this.deleteExpired.run(nowMs).changes) === limits.upkeepRowsMax
  }
}

function checksumOf(
  partition: number,
  bucket: string,
  field: string,
  upto: number,
  bytes: Uint8Array,
): number {
  return crc32(bytes, crc32(`${partition} ${bucket} ${field} ${upto}`))
}
