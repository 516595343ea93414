import { limits } from '@sightline/protocol/limits'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { DamageError } from '../damage-error.ts'
import type { ClaimOutcome, Commit, CommitOutcome, StoredCommit } from '../store/live-store.ts'
import type { StoredEntries } from './database-messages.ts'

interface PartitionRow {
  log_identity: string
  epoch: number
  next: number
  floor: number
}

interface CommitRow {
  next: number
  epoch: number
  first: number
  public_delta: Uint8Array
  private_part: Uint8Array
  crc: number
}

const nothing = new Uint8Array(0)

/**
 * The tables `partitions` (the end of each chain, which is the fence) and `commits` (the chain). Runs in the
 * database's thread; writing methods belong inside a transaction.
 */
export class CommitTable {
  private readonly selectPartition: StatementSync
  private readonly selectPartitions: StatementSync
  private readonly storePartition: StatementSync
  private readonly advancePartition: StatementSync
  private readonly insertCommit: StatementSync
  private readonly selectCommit: StatementSync
  private readonly selectAfter: StatementSync
  private readonly deleteBelow: StatementSync

  constructor(database: DatabaseSync) {
    this.selectPartition = database.prepare(
      'SELECT log_identity, epoch, next, floor FROM partitions WHERE partition = ?',
    )
    this.selectPartitions = database.prepare('SELECT partition, floor FROM partitions')
    this.storePartition = database.prepare(
      'INSERT INTO partitions (partition, log_identity, owner, epoch, next, floor) VALUES (?1, ?2, ?3, ?4, ?5, 0) ' +
        'ON CONFLICT (partition) DO UPDATE SET owner = ?3, epoch = ?4',
    )
    this.advancePartition = database.prepare(
      'UPDATE partitions SET next = ?2, floor = max(floor, ?3) WHERE partition = ?1',
    )
    this.insertCommit = database.prepare(
      'INSERT INTO commits (partition, next, epoch, first, public_delta, private_part, crc) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    this.selectCommit = database.prepare(
      'SELECT first FROM commits WHERE partition = ? AND next = ? AND epoch = ?',
    )
    this.selectAfter = database.prepare(
      'SELECT next, epoch, first, public_delta, private_part, crc FROM commits ' +
        'WHERE partition = ?1 AND (next, epoch) > (?2, ?3) ORDER BY next, epoch',
    )
    this.deleteBelow = database.prepare(
      'DELETE FROM commits WHERE partition = ?1 AND next <= ?2 AND (next, epoch) < (?3, ?4)',
    )
  }

  /** As LiveStore.claim. */
  claim(
    partition: number,
    owner: string,
    log: string,
    initialNext: number | null,
    nowMs: number,
  ): ClaimOutcome {
    const stored = this.partition(partition)
    if (stored === undefined && initialNext === null) return { outcome: 'no-state' }
    if (stored !== undefined && stored.log_identity !== log)
      return { outcome: 'other-log', stored: stored.log_identity }
    const next = stored?.next ?? initialNext ?? 0
    // The clock keeps epochs ascending even where an older copy of the file was put back; + 1 where the clock went back.
    const epoch = Math.max(nowMs, (stored?.epoch ?? 0) + 1)
    this.storePartition.run(partition, log, owner, epoch, next)
    this.append(partition, { epoch, first: next, next, publicDelta: nothing, privatePart: nothing })
    return { outcome: 'ok', next, epoch, created: stored === undefined }
  }

  /** As LiveStore.commit. */
  commit(partition: number, epoch: number, commit: Commit): CommitOutcome {
    const stored = this.partition(partition)
    if (stored === undefined) return 'no-state'
    if (stored.epoch !== epoch) return 'fenced'
    if (stored.next !== commit.first)
      return this.isLastCommit(partition, stored, commit) ? 'duplicate' : 'gap'
    const { first, next, publicDelta, privatePart, floor } = commit
    this.append(partition, { epoch, first, next, publicDelta, privatePart })
    this.advancePartition.run(partition, next, Math.min(floor, next))
    this.deleteBelow.run(partition, floor, next, epoch)
    return 'ok'
  }

  /** What put must be told: whether the epoch is the one that holds. */
  fence(partition: number, epoch: number): 'ok' | 'fenced' | 'no-state' {
    const stored = this.partition(partition)
    if (stored === undefined) return 'no-state'
    return stored.epoch === epoch ? 'ok' : 'fenced'
  }

  /** The end of the chain, or null without state. */
  last(partition: number): { next: number; epoch: number } | null {
    const stored = this.partition(partition)
    return stored === undefined ? null : { next: stored.next, epoch: stored.epoch }
  }

  /**
   * The whole chain that is still held, oldest first.
   * @throws DamageError
   */
  chain(partition: number): StoredCommit[] {
    const commits: StoredCommit[] = []
    for (const found of this.selectAfter.iterate(partition, -1, 0)) {
      const row = found as unknown as CommitRow
      if (row.crc !== checksumOf(partition, row)) {
        throw new DamageError('table commits', `partition ${partition}, next ${row.next}, epoch ${row.epoch}`)
      }
      commits.push(commitOf(row))
    }
    return commits
  }

  /** The entries behind a cursor, as many as one answer holds. */
  entriesAfter(partition: number, next: number, epoch: number): StoredEntries {
    const last = this.last(partition)
    const entries: StoredCommit[] = []
    let bytes = 0
    for (const found of this.selectAfter.iterate(partition, next, epoch)) {
      const row = found as unknown as CommitRow
      if (row.crc !== checksumOf(partition, row)) return { last, entries, complete: true, damaged: true }
      entries.push(commitOf(row))
      bytes += row.public_delta.length + row.private_part.length
      if (bytes >= limits.entriesBytesMax) return { last, entries, complete: false, damaged: false }
    }
    return { last, entries, complete: true, damaged: false }
  }

  /** Floors of all partitions that have state. */
  floors(): { partition: number; floor: number }[] {
    return this.selectPartitions.all() as unknown as { partition: number; floor: number }[]
  }

  /** Whether `commit` is the one with which the chain ends, and not a claim that stands at the same offset. */
  private isLastCommit(partition: number, stored: PartitionRow, commit: Commit): boolean {
    if (stored.next !== commit.next) return false
    const row = this.selectCommit.get(partition, stored.next, stored.epoch) as { first: number } | undefined
    return row !== undefined && row.first === commit.first
  }

  private append(partition: number, entry: StoredCommit): void {
    const { next, epoch, first, publicDelta, privatePart } = entry
    const crc = checksumOf(partition, {
      next,
      epoch,
      first,
      public_delta: publicDelta,
      private_part: privatePart,
    })
    this.insertCommit.run(partition, next, epoch, first, publicDelta, privatePart, crc)
  }

  private partition(partition: number): PartitionRow | undefined {
    return this.selectPartition.get(partition) as unknown as PartitionRow | undefined
  }
}

function commitOf(row: CommitRow): StoredCommit {
  return {
    epoch: row.epoch,
    first: row.first,
    next: row.next,
    publicDelta: row.public_delta,
    privatePart: row.private_part,
  }
}

function checksumOf(partition: number, row: Omit<CommitRow, 'crc'>): number {
  const names = crc32(`${partition} ${row.next} ${row.epoch} ${row.first} ${row.public_delta.length}`)
  return crc32(row.private_part, crc32(row.public_delta, names))
}
