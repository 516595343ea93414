import type { StoredEntries } from '../embedded/database-messages.ts'
import type { EmbeddedDatabase } from '../embedded/embedded-database.ts'
import type { Cursor, StoredCommit } from './live-store.ts'

interface TailHandlers {
  onCommit(partition: number, commit: StoredCommit): void
  onBroken(partition: number): Promise<Cursor | null>
}

/** One partition that is followed. */
interface Followed {
  partition: number
  cursor: Cursor
  /** Up to date: the next entry that is published continues the chain. Otherwise entries come from the table. */
  live: boolean
}

/**
 * Follows commits: first from the table, from the cursor to the end of the chain, then as they are published in this
 * process. The database answers in the order in which it writes, so nothing falls between the two.
 */
export class EmbeddedTail {
  private readonly database: EmbeddedDatabase
  private readonly handlers: TailHandlers
  private readonly followed = new Map<number, Followed>()
  private readonly ending = Promise.withResolvers<void>()
  private over = false

  constructor(database: EmbeddedDatabase, handlers: TailHandlers) {
    this.database = database
    this.handlers = handlers
  }

  /** Resolves after end(); rejects when a handler or the database failed. */
  async follow(cursors: Map<number, Cursor>): Promise<void> {
    const unlisten = this.database.commitFeed.listen((partition, entry) => {
      const one = this.followed.get(partition)
      if (one?.live) this.deliver(one, entry)
    })
    void this.database.failed.then((error) => this.fail(error))
    for (const [partition, cursor] of cursors) {
      const one = { partition, cursor: { ...cursor }, live: false }
      this.followed.set(partition, one)
      this.catchUp(one)
    }
    try {
      await this.ending.promise
    } finally {
      unlisten()
    }
  }

  end(): void {
    this.over = true
    this.ending.resolve()
  }

  private fail(error: unknown): void {
    this.over = true
    this.ending.reject(error)
  }

  private catchUp(one: Followed): void {
    one.live = false
    const { partition, cursor } = one
    this.database.send('entries', { partition, ...cursor }, [], (error, answer) => {
      if (this.over) return
      if (answer === null) this.fail(error)
      else this.takeEntries(one, answer)
    })
  }

  private takeEntries(one: Followed, answer: StoredEntries): void {
    if (answer.last === null || isBehind(answer.last, one.cursor)) return this.breakOff(one)
    for (const entry of answer.entries) if (!this.deliver(one, entry)) return
    if (answer.damaged) this.breakOff(one)
    else if (answer.complete) one.live = true
    else this.catchUp(one)
  }

  /** Gives an entry to the handler where it continues the chain; false when it doesn't, or the tail is over. */
  private deliver(one: Followed, entry: StoredCommit): boolean {
    if (this.over) return false
    if (!continues(one.cursor, entry)) {
      this.breakOff(one)
      return false
    }
    one.cursor = { next: entry.next, epoch: entry.epoch }
    try {
      this.handlers.onCommit(one.partition, entry)
    } catch (error) {
      this.fail(error)
    }
    return !this.over
  }

  private breakOff(one: Followed): void {
    one.live = false
    Promise.resolve()
      .then(() => this.handlers.onBroken(one.partition))
      .then(
        (cursor) => {
          if (this.over) return
          if (cursor === null) {
            this.followed.delete(one.partition)
            return
          }
          one.cursor = { ...cursor }
          this.catchUp(one)
        },
        (error: unknown) => this.fail(error),
      )
  }
}

/** Whether the chain ends before the cursor: the store went back. */
function isBehind(last: Cursor, cursor: Cursor): boolean {
  return last.next < cursor.next || (last.next === cursor.next && last.epoch < cursor.epoch)
}

/** A commit of the same owner that begins at the cursor, or a claim that stands at it. */
function continues(cursor: Cursor, entry: StoredCommit): boolean {
  if (entry.first !== cursor.next) return false
  const isClaim = entry.first === entry.next
  return isClaim ? entry.epoch > cursor.epoch : entry.epoch === cursor.epoch
}
