/**
 * The live store: per partition a log of commits plus absolute blobs. It is the only truth about how far processing
 * came. Implementations: redis-live-store.ts and embedded-live-store.ts; suite: live-store.contract.ts.
 */
export interface LiveStore {
  /**
   * Takes a partition over: appends a claim with a new epoch, higher than any before it. `initialNext` is where a
   * partition without state begins; null refuses to create one. `log` is EventLog.identity(): another identity than
   * the stored one is refused.
   */
  claim(partition: number, owner: string, log: string, initialNext: number | null): Promise<ClaimOutcome>

  /** One atomic, fenced write: what changed, the next offset and the private part together. */
  commit(partition: number, epoch: number, commit: Commit): Promise<CommitOutcome>

  /** Writes absolute blobs, fenced by the epoch too. `bytes` null deletes. */
  put(partition: number, epoch: number, blobs: Blob[]): Promise<'ok' | 'fenced' | 'no-state'>

  /**
   * A consistent start: the blobs of the buckets that `wanted` picks from those that exist, and all commits still
   * held, oldest first. Retried inside until no blob is ahead of the commits and the commits begin early enough.
   * null when the partition has no state.
   */
  load(partition: number, wanted: (bucket: string) => boolean): Promise<PartitionSnapshot | null>

  /**
   * Follows the commits of the given partitions from their cursors until the signal aborts. Calls `onCommit` for each
   * entry that continues its chain and `onBroken` when a chain broke (rolled back, trimmed beyond the cursor): the
   * caller loads that partition anew and answers the new cursor, or null to stop following it.
   */
  tail(
    cursors: Map<number, Cursor>,
    handlers: {
      onCommit(partition: number, commit: StoredCommit): void
      onBroken(partition: number): Promise<Cursor | null>
    },
    signal: AbortSignal,
  ): Promise<void>

  /** Blobs of one bucket; all fields unless some are named. */
  readBlobs(partition: number, bucket: string, fields?: string[]): Promise<Blob[]>

  close(): Promise<void>
}

export type ClaimOutcome =
  | { outcome: 'ok'; next: number; epoch: number; created: boolean }
  | { outcome: 'no-state' }
  | { outcome: 'other-log'; stored: string }

export type CommitOutcome =
  /** written now */
  | 'ok'
  /** written by this owner's own earlier attempt */
  | 'duplicate'
  /** another owner claimed: drop all memory of the partition */
  | 'fenced'
  /** the store went back (or this owner skipped): reload, seek, replay */
  | 'gap'
  /** the state is gone */
  | 'no-state'

export interface Commit {
  /** The store's next offset before this commit (not the first record's offset: logs have holes). */
  first: number
  /** The consumer's position after it. */
  next: number
  /** What viewers may see: the aggregates' delta. */
  publicDelta: Uint8Array
  /** What only the next owner needs: duplicate windows, watermark. */
  privatePart: Uint8Array
  /** Commits whose next is at or below this offset may be trimmed: blobs hold them. */
  floor: number
}

export interface StoredCommit {
  epoch: number
  first: number
  next: number
  /** Empty for a claim entry. */
  publicDelta: Uint8Array
  privatePart: Uint8Array
}

/** A position in a partition's chain of commits. */
export interface Cursor {
  next: number
  epoch: number
}

export interface Blob {
  /** Name of a time bucket, `<aggregate>:<resolution>:<start ms>` or a name without time. */
  bucket: string
  field: string
  /** The state up to which offset. */
  upto: number
  bytes: Uint8Array | null
  /** ms since the epoch after which the bucket may vanish; null = never. A function of the bucket alone. */
  expireAtMs: number | null
}

export interface PartitionSnapshot {
  blobs: Blob[]
  commits: StoredCommit[]
  cursor: Cursor
}
