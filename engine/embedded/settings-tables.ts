import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { DeadLetter } from '../log/event-log.ts'
import type { Site } from '../registry/registry.ts'

interface SiteRow {
  id: number
  name: string
  write_key: string
  origins: string
  time_zone: string
}

/** The table `sites`. Runs in the database's thread. */
export class SiteTable {
  private readonly store: StatementSync
  private readonly selectAll: StatementSync

  constructor(database: DatabaseSync) {
    this.store = database.prepare(
      'INSERT OR REPLACE INTO sites (id, name, write_key, origins, time_zone) VALUES (?, ?, ?, ?, ?)',
    )
    this.selectAll = database.prepare('SELECT id, name, write_key, origins, time_zone FROM sites ORDER BY id')
  }

  put(site: Site): void {
    this.store.run(site.id, site.name, site.writeKey, JSON.stringify(site.origins), site.timeZone)
  }

  all(): Site[] {
    return (this.selectAll.all() as unknown as SiteRow[]).map((row) => ({
      id: row.id,
      name: row.name,
      writeKey: row.write_key,
      origins: JSON.parse(row.origins) as string[],
      timeZone: row.time_zone,
    }))
  }
}

interface LetterRow {
  partition: number
  offset: number
  reason: string
  timestamp_ms: number
  key: Uint8Array
  value: Uint8Array
}

/** The table `dead_letters`. Runs in the database's thread. */
export class DeadLetterTable {
  private readonly insert: StatementSync
  private readonly selectNewest: StatementSync
  private readonly deleteOldest: StatementSync
  private readonly lettersMax: number

  constructor(database: DatabaseSync, lettersMax: number) {
    this.lettersMax = lettersMax
    this.deleteOldest = database.prepare(
      'DELETE FROM dead_letters WHERE id <= (SELECT max(id) FROM dead_letters) - ?',
    )
    this.insert = database.prepare(
      'INSERT OR IGNORE INTO dead_letters (partition, offset, reason, timestamp_ms, key, value) VALUES (?, ?, ?, ?, ?, ?)',
    )
    this.selectNewest = database.prepare(
      'SELECT partition, offset, reason, timestamp_ms, key, value FROM dead_letters ORDER BY id DESC LIMIT ?',
    )
  }

  /** Stores letters that aren't there yet; beyond the limit the oldest go. */
  put(letters: DeadLetter[]): void {
    for (const one of letters) {
      this.insert.run(one.partition, one.offset, one.reason, one.timestampMs, one.key, one.value)
    }
    this.deleteOldest.run(this.lettersMax)
  }

  /** The newest, newest last. */
  newest(limit: number): DeadLetter[] {
    const rows = this.selectNewest.all(limit) as unknown as LetterRow[]
    return rows.reverse().map(({ timestamp_ms: timestampMs, ...row }) => ({ ...row, timestampMs }))
  }
}

/** The table `group_positions`, for people and lag tools. Runs in the database's thread. */
export class PositionTable {
  private readonly store: StatementSync

  constructor(database: DatabaseSync) {
    this.store = database.prepare(
      'INSERT OR REPLACE INTO group_positions (group_name, partition, position) VALUES (?, ?, ?)',
    )
  }

  put(group: string, positions: Map<number, number>): void {
    for (const [partition, position] of positions) this.store.run(group, partition, position)
  }
}
