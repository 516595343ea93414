import type { EmbeddedDatabase } from '../embedded/embedded-database.ts'
import { EmbeddedTail } from './embedded-tail.ts'
import type {
  Blob,
  ClaimOutcome,
  Commit,
  CommitOutcome,
  Cursor,
  LiveStore,
  PartitionSnapshot,
  StoredCommit,
} from './live-store.ts'

const nothing = new Uint8Array(0)

/** Buckets can appear while a snapshot is taken, but not for ever. */
const loadAttemptsMax = 50

/** The live store in the tables `partitions`, `commits` and `blobs` of the embedded database. */
export class EmbeddedLiveStore implements LiveStore {
  private readonly database: EmbeddedDatabase
  private readonly tails = new Set<EmbeddedTail>()
  private closed = false

  constructor(database: EmbeddedDatabase) {
    this.database = database
  }

  claim(partition: number, owner: string, log: string, initialNext: number | null): Promise<ClaimOutcome> {
    return new Promise((resolve, reject) => {
      this.refuseWhenClosed()
      this.database.send('claim', { partition, owner, log, initialNext }, [], (error, answer) => {
        if (answer === null) return reject(error)
        if (answer.outcome === 'ok') {
          const { next, epoch } = answer
          this.publish(partition, { epoch, first: next, next, publicDelta: nothing, privatePart: nothing })
        }
        resolve(answer)
      })
    })
  }

  commit(partition: number, epoch: number, commit: Commit): Promise<CommitOutcome> {
    return new Promise((resolve, reject) => {
      this.refuseWhenClosed()
      if (commit.next <= commit.first) {
        throw new RangeError(
          `commit of partition ${partition} from ${commit.first} to ${commit.next} goes nowhere`,
        )
      }
      const sent = {
        ...commit,
        publicDelta: whole(commit.publicDelta),
        privatePart: whole(commit.privatePart),
      }
      this.database.send('commit', { partition, epoch, commit: sent }, [], (error, answer) => {
        if (answer === null) return reject(error)
        if (answer === 'ok') this.publish(partition, { ...commit, epoch })
        resolve(answer)
      })
    })
  }

  async put(partition: number, epoch: number, blobs: Blob[]): Promise<'ok' | 'fenced' | 'no-state'> {
    this.refuseWhenClosed()
    const sent = blobs.map((blob) => ({ ...blob, bytes: blob.bytes === null ? null : whole(blob.bytes) }))
    return this.database.call('put', { partition, epoch, blobs: sent })
  }

  async load(partition: number, wanted: (bucket: string) => boolean): Promise<PartitionSnapshot | null> {
    this.refuseWhenClosed()
    let existing = await this.database.call('buckets', { partition })
    for (let attempt = 0; attempt < loadAttemptsMax && existing !== null; attempt++) {
      const buckets: string[] = existing.filter(wanted)
      const snapshot = await this.database.call('snapshot', { partition, buckets })
      if (snapshot === null) return null
      // Blobs and commits are of one moment; only a bucket that appeared since it was asked for may be missing.
      const asked = new Set(buckets)
      if (snapshot.buckets.every((bucket) => asked.has(bucket) || !wanted(bucket))) {
        const { blobs, commits, next, epoch } = snapshot
        return { blobs, commits, cursor: { next, epoch } }
      }
      existing = snapshot.buckets
    }
    if (existing === null) return null
    throw new Error(
      `partition ${partition}: new buckets appeared in each of ${loadAttemptsMax} attempts to load it`,
    )
  }

  async tail(
    cursors: Map<number, Cursor>,
    handlers: {
      onCommit(partition: number, commit: StoredCommit): void
      onBroken(partition: number): Promise<Cursor | null>
    },
    signal: AbortSignal,
  ): Promise<void> {
    this.refuseWhenClosed()
    const tail = new EmbeddedTail(this.database, handlers)
    const end = () => tail.end()
    this.tails.add(tail)
    signal.addEventListener('abort', end)
    try {
      if (!signal.aborted) await tail.follow(cursors)
    } finally {
      signal.removeEventListener('abort', end)
      this.tails.delete(tail)
    }
  }

  async readBlobs(partition: number, bucket: string, fields?: string[]): Promise<Blob[]> {
    this.refuseWhenClosed()
    return this.database.call('blobs', { partition, bucket, fields: fields ?? null })
  }

  async close(): Promise<void> {
    this.closed = true
    for (const tail of this.tails) tail.end()
  }

  /** Followers keep what they are given; the committer may use its bytes again once it has its answer. */
  private publish(partition: number, entry: StoredCommit): void {
    if (!this.database.commitFeed.followed) return
    const { epoch, first, next } = entry
    const publicDelta = new Uint8Array(entry.publicDelta)
    const privatePart = new Uint8Array(entry.privatePart)
    this.database.commitFeed.publish(partition, { epoch, first, next, publicDelta, privatePart })
  }

  private refuseWhenClosed(): void {
    if (this.closed) throw new Error('the live store is closed')
  }
}

/** Bytes with a buffer of their own: a view would be sent with the whole buffer behind it. */
function whole(bytes: Uint8Array): Uint8Array {
  return bytes.length === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}
