import type { DatabaseSync } from 'node:sqlite'
import { BlobTable } from './blob-table.ts'
import { CommitTable } from './commit-table.ts'
import type { CallKind, DatabaseCalls, StoredSnapshot, WorkerSettings } from './database-messages.ts'
import { LogTable } from './log-table.ts'
import { DeadLetterTable, PositionTable, SiteTable } from './settings-tables.ts'

type Handlers = { [K in CallKind]: (request: DatabaseCalls[K]['request']) => DatabaseCalls[K]['answer'] }

/** All tables, and which call goes to which. Runs in the database's thread. */
export class DatabaseTables {
  readonly log: LogTable
  readonly commits: CommitTable
  readonly blobs: BlobTable
  /** Counted by GroupCommit, and by the table `log`. */
  readonly figures = { transactions: 0, writes: 0 }
  private readonly handlers: Handlers
  private readonly now: () => number

  constructor(database: DatabaseSync, partitions: number, settings: WorkerSettings, now: () => number) {
    this.now = now
    this.log = new LogTable(database, partitions)
    this.commits = new CommitTable(database)
    this.blobs = new BlobTable(database)
    const sites = new SiteTable(database)
    const letters = new DeadLetterTable(database, settings.deadLettersMax)
    const positions = new PositionTable(database)
    this.handlers = {
      append: (chunk) => this.log.append(chunk),
      claim: (one) => this.commits.claim(one.partition, one.owner, one.log, one.initialNext, now()),
      commit: (one) => this.commits.commit(one.partition, one.epoch, one.commit),
      put: (one) => this.put(one),
      putSite: (site) => (sites.put(site), null),
      putDeadLetters: (list) => (letters.put(list), null),
      recordPosition: (one) => (positions.put(one.group, one.positions), null),
      trim: (one) => (this.log.trim(one.partition, one.offset), null),
      bounds: (one) => this.log.bounds(one.partition),
      read: (one) => this.log.read(one.partition, one.from),
      buckets: (one) =>
        this.commits.last(one.partition) === null ? null : this.blobs.buckets(one.partition, now()),
      snapshot: (one) => this.snapshot(one.partition, one.buckets),
      entries: (one) => this.commits.entriesAfter(one.partition, one.next, one.epoch),
      blobs: (one) => this.blobs.read(one.partition, one.bucket, one.fields, now()),
      figures: () => ({ ...this.figures, records: this.log.appended }),
      sites: () => sites.all(),
      deadLetters: (one) => letters.newest(one.limit),
    }
  }

  /** Carries out one call. */
  run(kind: CallKind, request: DatabaseCalls[CallKind]['request']): unknown {
    const handler = this.handlers[kind] as (request: DatabaseCalls[CallKind]['request']) => unknown
    return handler(request)
  }

  private put(one: DatabaseCalls['put']['request']): 'ok' | 'fenced' | 'no-state' {
    const fence = this.commits.fence(one.partition, one.epoch)
    if (fence === 'ok') this.blobs.put(one.partition, one.blobs)
    return fence
  }

  /** Blobs and chain of one moment. */
  private snapshot(partition: number, buckets: string[]): StoredSnapshot | null {
    const last = this.commits.last(partition)
    if (last === null) return null
    const nowMs = this.now()
    return {
      ...last,
      buckets: this.blobs.buckets(partition, nowMs),
      blobs: buckets.flatMap((bucket) => this.blobs.read(partition, bucket, null, nowMs)),
      commits: this.commits.chain(partition),
    }
  }
}
