import type { EmbeddedDatabase } from '../embedded/embedded-database.ts'
import type { DeadLetter, DeadLetterQueue } from './event-log.ts'

/** Dead letters in the table `dead_letters` of the embedded database; the newest deadLettersMax are kept. */
export class EmbeddedDeadLetters implements DeadLetterQueue {
  private readonly database: EmbeddedDatabase
  private closed = false

  constructor(database: EmbeddedDatabase) {
    this.database = database
  }

  async put(letters: DeadLetter[]): Promise<void> {
    this.refuseWhenClosed()
    // A view of a larger buffer would be sent with the whole of it.
    const copies = letters.map((one) => ({
      ...one,
      key: new Uint8Array(one.key),
      value: new Uint8Array(one.value),
    }))
    await this.database.call('putDeadLetters', copies)
  }

  list(limit: number): Promise<DeadLetter[]> {
    this.refuseWhenClosed()
    return this.database.call('deadLetters', { limit })
  }

  async close(): Promise<void> {
    this.closed = true
  }

  private refuseWhenClosed(): void {
    if (this.closed) throw new Error('the dead letters are closed')
  }
}
