import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Answer, CallMessage } from './database-messages.ts'
import { isWrite } from './database-messages.ts'
import type { DatabaseTables } from './database-tables.ts'
import { toMessage } from './error-messages.ts'

/**
 * Carries out groups of calls: all writes of a group in one transaction, which is durable when it ends, then the
 * reads. When the transaction fails, nothing of it is stored and every write of the group gets the error; the next
 * group is tried anew.
 */
export class GroupCommit {
  private readonly database: DatabaseSync
  private readonly tables: DatabaseTables
  private readonly begin: StatementSync
  private readonly end: StatementSync

  constructor(database: DatabaseSync, tables: DatabaseTables) {
    this.database = database
    this.tables = tables
    this.begin = database.prepare('BEGIN IMMEDIATE')
    this.end = database.prepare('COMMIT')
  }

  /** Answers of the writes in their order, then those of the reads in theirs. */
  run(group: CallMessage[]): Answer[] {
    const writes = group.filter((call) => isWrite(call.kind))
    const answers = writes.length === 0 ? [] : this.write(writes)
    for (const call of group) if (!isWrite(call.kind)) answers.push(this.read(call))
    return answers
  }

  /**
   * Runs `work` in a transaction of its own.
   * @throws what `work` or the commit throws, after everything was taken back
   */
  transaction(work: () => void): void {
    try {
      this.tables.log.begin()
      this.begin.run()
      work()
      this.end.run()
    } catch (error) {
      // SQLite takes a transaction back by itself for some errors, such as a full disk.
      if (this.database.isTransaction) this.database.exec('ROLLBACK')
      this.tables.log.rollBack()
      throw error
    }
  }

  private write(writes: CallMessage[]): Answer[] {
    const answers: Answer[] = []
    try {
      this.transaction(() => {
        for (const { id, kind, request } of writes) {
          answers.push({ id, error: null, answer: this.tables.run(kind, request) })
        }
      })
      this.tables.figures.transactions++
      this.tables.figures.writes += writes.length
      return answers
    } catch (error) {
      const message = toMessage(error)
      return writes.map(({ id }) => ({ id, error: message }))
    }
  }

  private read({ id, kind, request }: CallMessage): Answer {
    try {
      return { id, error: null, answer: this.tables.run(kind, request) }
    } catch (error) {
      return { id, error: toMessage(error) }
    }
  }
}
