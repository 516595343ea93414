import type { Engine } from '../engine.ts'
import { EmbeddedDeadLetters } from '../log/embedded-dead-letters.ts'
import { EmbeddedEventLog } from '../log/embedded-event-log.ts'
import { EmbeddedRegistry } from '../registry/embedded-registry.ts'
import { EmbeddedLiveStore } from '../store/embedded-live-store.ts'
import { type DatabaseOptions, EmbeddedDatabase } from './embedded-database.ts'

/**
 * Opens the embedded engine: one SQLite file in one folder, for one process.
 * @throws Error when another process uses the folder (names both), or the file can't be used
 */
export async function createEmbeddedEngine(options: DatabaseOptions): Promise<Engine> {
  const database = await EmbeddedDatabase.open(options)
  const log = new EmbeddedEventLog(database)
  const deadLetters = new EmbeddedDeadLetters(database)
  const store = new EmbeddedLiveStore(database)
  const registry = await openRegistry(database)
  let closing: Promise<void> | null = null
  const close = async () => {
    await log.close()
    await Promise.all([deadLetters.close(), store.close(), registry.close()])
    await database.close()
  }
  return {
    kind: 'embedded',
    log,
    deadLetters,
    store,
    registry,
    close: () => (closing ??= close()),
  }
}

/** The registry reads its sites at once; when it can't, nobody is left to close the database. */
async function openRegistry(database: EmbeddedDatabase): Promise<EmbeddedRegistry> {
  try {
    return await EmbeddedRegistry.open(database)
  } catch (error) {
    await database.close()
    throw error
  }
}
