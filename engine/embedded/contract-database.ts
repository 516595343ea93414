import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { DeadLetterHarness } from '../log/dead-letters.contract.ts'
import { EmbeddedDeadLetters } from '../log/embedded-dead-letters.ts'
import { EmbeddedEventLog } from '../log/embedded-event-log.ts'
import type { EventLogHarness } from '../log/event-log.contract.ts'
import { EmbeddedRegistry } from '../registry/embedded-registry.ts'
import type { RegistryHarness } from '../registry/registry.contract.ts'
import { EmbeddedLiveStore } from '../store/embedded-live-store.ts'
import type { LiveStoreHarness } from '../store/live-store.contract.ts'
import { type DatabaseOptions, EmbeddedDatabase } from './embedded-database.ts'

/** A database of its own for one test, in a temporary folder, with a side door for looking and hurting. */
export class ContractDatabase {
  readonly directory: string
  database: EmbeddedDatabase
  /** What the database reported as trouble. */
  readonly troubles: Error[] = []
  private readonly options: Omit<DatabaseOptions, 'directory'>

  static async create(options: Omit<DatabaseOptions, 'directory'> = {}): Promise<ContractDatabase> {
    const directory = mkdtempSync(join(tmpdir(), 'sightline-embedded-'))
    const onTrouble = (error: Error) => void troubles.push(error)
    const troubles: Error[] = []
    const withTroubles = { onTrouble, ...options }
    return new ContractDatabase(
      directory,
      withTroubles,
      troubles,
      await EmbeddedDatabase.open({ directory, ...withTroubles }),
    )
  }

  private constructor(
    directory: string,
    options: Omit<DatabaseOptions, 'directory'>,
    troubles: Error[],
    database: EmbeddedDatabase,
  ) {
    this.directory = directory
    this.options = options
    this.troubles = troubles
    this.database = database
  }

  get file(): string {
    return join(this.directory, 'sightline.sqlite')
  }

  /** Closes the database and opens it again. */
  async reopen(): Promise<EmbeddedDatabase> {
    await this.database.close()
    this.database = await EmbeddedDatabase.open({ directory: this.directory, ...this.options })
    return this.database
  }

  /** Runs one statement through a connection of its own, as a person with `sqlite3` does; answers the rows. */
  sql(statement: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    const connection = new DatabaseSync(this.file, { timeout: 5_000 })
    try {
      return connection.prepare(statement).all(...values)
    } finally {
      connection.close()
    }
  }

  async destroy(): Promise<void> {
    await this.database.close()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** The event log on a database of its own. */
export async function embeddedLogHarness(
  options: Omit<DatabaseOptions, 'directory'> = {},
): Promise<EventLogHarness> {
  const files = await ContractDatabase.create(options)
  const open: EmbeddedEventLog[] = []
  const harness: EventLogHarness = {
    async open(bounds) {
      const log = new EmbeddedEventLog(files.database, bounds)
      open.push(log)
      return log
    },
    async reopen(log) {
      await log.close()
      await files.reopen()
      return harness.open()
    },
    async observedEnd(partition) {
      const [row] = files.sql(
        'SELECT coalesce(max(offset) + 1, 0) AS end FROM log WHERE partition = ?',
        partition,
      )
      return Number(row.end)
    },
    async trim(partition, offset) {
      await files.database.call('trim', { partition, offset })
    },
    async destroy() {
      await Promise.all(open.map((log) => log.close()))
      await files.destroy()
    },
  }
  return harness
}

/** Dead letters on a database of their own. */
export async function embeddedDeadLetterHarness(): Promise<DeadLetterHarness> {
  const files = await ContractDatabase.create()
  const harness: DeadLetterHarness = {
    async open() {
      return new EmbeddedDeadLetters(files.database)
    },
    async reopen(queue) {
      await queue.close()
      await files.reopen()
      return harness.open()
    },
    destroy: () => files.destroy(),
  }
  return harness
}

/** The live store on a database of its own. */
export async function embeddedStoreHarness(): Promise<LiveStoreHarness> {
  const files = await ContractDatabase.create()
  let open: EmbeddedLiveStore[] = []
  const flip = (table: string, column: string, where: string, ...values: SQLInputValue[]) => {
    const [row] = files.sql(`SELECT ${column} AS bytes FROM ${table} WHERE ${where}`, ...values)
    const bytes = row.bytes as Uint8Array
    bytes[bytes.length >> 1] ^= 1
    files.sql(`UPDATE ${table} SET ${column} = ? WHERE ${where}`, bytes, ...values)
  }
  return {
    async open() {
      const store = new EmbeddedLiveStore(files.database)
      open.push(store)
      return store
    },
    async reopen() {
      await Promise.all(open.map((store) => store.close()))
      open = []
      const store = new EmbeddedLiveStore(await files.reopen())
      open.push(store)
      return store
    },
    async forget(partition) {
      for (const table of ['partitions', 'commits', 'blobs'])
        files.sql(`DELETE FROM ${table} WHERE partition = ?`, partition)
    },
    async damageBlob(partition, bucket, field) {
      flip('blobs', 'bytes', 'partition = ? AND bucket = ? AND field = ?', partition, bucket, field)
    },
    async damageCommit(partition, next) {
      flip('commits', 'public_delta', 'partition = ? AND next = ? AND first < next', partition, next)
    },
    async destroy() {
      await Promise.all(open.map((store) => store.close()))
      await files.destroy()
    },
  }
}

/** The registry on a database of its own. */
export async function embeddedRegistryHarness(): Promise<RegistryHarness> {
  const files = await ContractDatabase.create()
  return {
    open: () => EmbeddedRegistry.open(files.database),
    async reopen(registry) {
      await registry.close()
      return EmbeddedRegistry.open(await files.reopen())
    },
    destroy: () => files.destroy(),
  }
}
