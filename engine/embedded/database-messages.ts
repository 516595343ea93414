import type { DeadLetter } from '../log/event-log.ts'
import type { Site } from '../registry/registry.ts'
import type { Blob, ClaimOutcome, Commit, CommitOutcome, StoredCommit } from '../store/live-store.ts'

/** What the main thread asks the database's thread for, and what it answers. */
export interface DatabaseCalls {
  // --- writes: all that wait are written in one transaction ---
  append: { request: PackedChunk; answer: AppendedChunk }
  claim: {
    request: { partition: number; owner: string; log: string; initialNext: number | null }
    answer: ClaimOutcome
  }
  commit: { request: { partition: number; epoch: number; commit: Commit }; answer: CommitOutcome }
  put: { request: { partition: number; epoch: number; blobs: Blob[] }; answer: 'ok' | 'fenced' | 'no-state' }
  putSite: { request: Site; answer: null }
  putDeadLetters: { request: DeadLetter[]; answer: null }
  recordPosition: { request: { group: string; positions: Map<number, number> }; answer: null }
  /** Deletes the rows of the log below an offset. */
  trim: { request: { partition: number; offset: number }; answer: null }

  // --- reads: after the transaction, so that they see only what is durable ---
  bounds: { request: { partition: number }; answer: LogBounds }
  read: { request: { partition: number; from: number }; answer: LogSlice }
  buckets: { request: { partition: number }; answer: string[] | null }
  snapshot: { request: { partition: number; buckets: string[] }; answer: StoredSnapshot | null }
  entries: { request: { partition: number; next: number; epoch: number }; answer: StoredEntries }
  blobs: { request: { partition: number; bucket: string; fields: string[] | null }; answer: Blob[] }
  figures: { request: null; answer: DatabaseFigures }
  sites: { request: null; answer: Site[] }
  deadLetters: { request: { limit: number }; answer: DeadLetter[] }
}
export type CallKind = keyof DatabaseCalls

const writeKinds: ReadonlySet<CallKind> = new Set<CallKind>([
  'append',
  'claim',
  'commit',
  'put',
  'putSite',
  'putDeadLetters',
  'recordPosition',
  'trim',
])

/** Whether a call belongs into the transaction. */
export function isWrite(kind: CallKind): boolean {
  return writeKinds.has(kind)
}

/** Packed records (packed-records.ts); the buffer is transferred. */
export interface PackedChunk {
  buffer: ArrayBuffer
  /** Bytes in use. */
  length: number
}

/** The same records, durable, each with its offset; the buffer comes back. */
export interface AppendedChunk extends PackedChunk {
  /** Per partition the offset of the chunk's first record there; meaningless where it has none. */
  firstOffsets: number[]
}

/** What the database's thread has done since it was opened. */
export interface DatabaseFigures {
  /** Transactions that are durable. */
  transactions: number
  /** Calls that write, in them. An append is one call per chunk of records. */
  writes: number
  /** Records appended, those of failed transactions included. */
  records: number
}

export interface LogBounds {
  start: number
  end: number
}

/** Records of one partition in order, without holes, from the wanted offset on as far as one answer holds. */
export interface LogSlice extends LogBounds, PackedChunk {
  count: number
  /**
   * Set when the row that was wanted can't be given: its checksum is wrong (or the row is gone). `resumeAt` is the
   * offset of the next row, or the end.
   */
  damage: { error: ErrorMessage; resumeAt: number } | null
}

export interface StoredSnapshot {
  /** All buckets that exist, so that the asker sees whether one appeared meanwhile. */
  buckets: string[]
  blobs: Blob[]
  commits: StoredCommit[]
  next: number
  epoch: number
}

/** What continues a chain of commits behind a cursor. */
export interface StoredEntries {
  /** The end of the chain; null when the partition has no state. */
  last: { next: number; epoch: number } | null
  entries: StoredCommit[]
  /** Whether `entries` reaches the end of the chain (or a damaged entry). */
  complete: boolean
  /** The entry after the last of `entries` is damaged. */
  damaged: boolean
}

export interface CallMessage {
  id: number
  kind: CallKind
  request: DatabaseCalls[CallKind]['request']
}

/** An error on its way between threads. */
export interface ErrorMessage {
  name: string
  message: string
  /** Code of Node or SQLite, such as ERR_SQLITE_ERROR. */
  code: string
  /** SQLite's own number, such as 13 (full); 0 for other errors. */
  errcode: number
  place: string
  entry: string
}

export type Answer = { id: number; error: ErrorMessage } | { id: number; error: null; answer: unknown }

export type WorkerMessage =
  | { kind: 'opened'; identity: string; partitions: number }
  | { kind: 'refused'; error: ErrorMessage }
  /** Answers of one group: first those of the writes, then those of the reads. */
  | { kind: 'answers'; answers: Answer[] }
  /** Old rows couldn't be deleted this time. */
  | { kind: 'upkeep-failed'; error: ErrorMessage }
  | { kind: 'closed'; error: ErrorMessage | null }

/** Settings of the database's thread. */
export interface WorkerSettings {
  directory: string
  /** Number of partitions of a new database. */
  partitions: number
  /** ms for which rows of the log are kept after every state has passed them. */
  logRetentionMs: number
  /** Dead letters that are kept. */
  deadLettersMax: number
  /** Bytes up to which the database may grow; 0 = as far as the disk goes. */
  bytesMax: number
}
