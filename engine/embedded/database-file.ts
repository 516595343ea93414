import { limits } from '@sightline/protocol/limits'
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { WorkerSettings } from './database-messages.ts'
import { FolderLock } from './folder-lock.ts'

const schemaNumber = '1'
const pageBytes = 4_096

const schema = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- The event log: one row per batch.
  CREATE TABLE log (
    partition INTEGER NOT NULL, offset INTEGER NOT NULL, timestamp_ms INTEGER NOT NULL,
    key BLOB NOT NULL, value BLOB NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (partition, offset)
  ) STRICT, WITHOUT ROWID;
  -- First offset held, for partitions from which rows were deleted.
  CREATE TABLE log_starts (partition INTEGER PRIMARY KEY, start INTEGER NOT NULL) STRICT;
  CREATE TABLE group_positions (
    group_name TEXT NOT NULL, partition INTEGER NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (group_name, partition)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, offset INTEGER NOT NULL, reason TEXT NOT NULL,
    timestamp_ms INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,
    UNIQUE (partition, offset)
  ) STRICT;

  -- The live store: the end of each partition's chain of commits, the chain, and the blobs.
  CREATE TABLE partitions (
    partition INTEGER PRIMARY KEY, log_identity TEXT NOT NULL, owner TEXT NOT NULL,
    epoch INTEGER NOT NULL, next INTEGER NOT NULL, floor INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE commits (
    partition INTEGER NOT NULL, next INTEGER NOT NULL, epoch INTEGER NOT NULL, first INTEGER NOT NULL,
    public_delta BLOB NOT NULL, private_part BLOB NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (partition, next, epoch)
  ) STRICT;
  CREATE TABLE blobs (
    partition INTEGER NOT NULL, bucket TEXT NOT NULL, field TEXT NOT NULL, upto INTEGER NOT NULL,
    bytes BLOB NOT NULL, crc INTEGER NOT NULL, expire_at_ms INTEGER,
    PRIMARY KEY (partition, bucket, field)
  ) STRICT;
  CREATE INDEX blobs_by_expiry ON blobs (expire_at_ms) WHERE expire_at_ms IS NOT NULL;

  -- The registry.
  CREATE TABLE sites (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, write_key TEXT NOT NULL, origins TEXT NOT NULL, time_zone TEXT NOT NULL
  ) STRICT;
`

export interface DatabaseFile {
  database: DatabaseSync
  identity: string
  partitions: number
  close(): void
}

/**
 * Locks the folder and opens (or creates) `sightline.sqlite` in it, durable at every commit.
 * @throws Error when the folder is in use, the file isn't such a database, or its schema is another one
 */
export function openDatabaseFile(settings: WorkerSettings): DatabaseFile {
  mkdirSync(settings.directory, { recursive: true })
  const lock = new FolderLock(settings.directory)
  const path = join(settings.directory, 'sightline.sqlite')
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, {
      // How long a transaction waits for a person who writes with `sqlite3`.
      timeout: limits.databaseBusyMsMax,
    })
    prepare(database, settings)
    const meta = readMeta(database)
    if (meta.get('schema') !== schemaNumber) {
      throw new Error(`schema ${meta.get('schema')} is not ${schemaNumber}, which this version reads`)
    }
    const opened = database
    return {
      database: opened,
      identity: meta.get('identity') ?? '',
      partitions: Number(meta.get('partitions')),
      close() {
        opened.close()
        lock.release()
      },
    }
  } catch (error) {
    database?.close()
    lock.release()
    throw Object.assign(new Error(`${path} can't be opened: ${(error as Error).message}`), {
      errcode: (error as { errcode?: number }).errcode ?? 0,
    })
  }
}

function prepare(database: DatabaseSync, settings: WorkerSettings): void {
  database.exec(`PRAGMA page_size = ${pageBytes}`)
  database.exec('PRAGMA journal_mode = WAL')
  // FULL syncs the write-ahead log at every commit: what is acknowledged survives a power cut.
  database.exec('PRAGMA synchronous = FULL')
  database.exec('PRAGMA temp_store = MEMORY')
  database.exec('PRAGMA journal_size_limit = 67108864')
  if (settings.bytesMax > 0)
    database.exec(`PRAGMA max_page_count = ${Math.ceil(settings.bytesMax / pageBytes)}`)
  const created = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get() !== undefined
  if (created) return
  database.exec('BEGIN IMMEDIATE')
  database.exec(schema)
  const insert = database.prepare('INSERT INTO meta (name, value) VALUES (?, ?)')
  insert.run('identity', randomUUID())
  insert.run('schema', schemaNumber)
  insert.run('partitions', String(settings.partitions))
  database.exec('COMMIT')
}

function readMeta(database: DatabaseSync): Map<string, string> {
  const rows = database.prepare('SELECT name, value FROM meta').all()
  return new Map(rows.map((row) => [String(row.name), String(row.value)]))
}
