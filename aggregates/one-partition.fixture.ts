import { BatchDecoder } from '@sightline/protocol/batch-decoder'
import { FoldInput } from './fold-input.ts'
import { PartitionDraft } from './partition-draft.ts'
import { PartitionMemory, type Fate, type Verdict } from './partition-memory.ts'
import { PartitionState } from './partition-state.ts'
import { sessionBytes, type PlainRecord } from './random-traffic.fixture.ts'
import type { StateBlob } from './state-blob.ts'

export interface TestCommit {
  first: number
  next: number
  delta: Uint8Array
  privatePart: Uint8Array
}

/** A decoder whose batches can be given another n (columns from the future) or seq. */
class TestDecoder extends BatchDecoder {
  unknown = 0
  otherSeq: number | null = null

  override get n(): number {
    return super.n + this.unknown
  }

  override get seq(): number {
    return this.otherSeq ?? super.seq
  }
}

/** A partition's owner without log and store: offsets count the records. */
export class OnePartition {
  readonly memory = new PartitionMemory()
  readonly draft = new PartitionDraft()
  readonly decoder = new TestDecoder()
  readonly input = new FoldInput()
  readonly commits: TestCommit[] = []
  readonly verdicts: Verdict[] = []
  state = PartitionState.forOwner(null)
  next = 0
  /** Records folded since the last commit. */
  pending = 0

  fold(record: PlainRecord, fate: Fate = 'count'): Verdict {
    const refusal = this.decoder.read(record.bytes)
    if (refusal !== null) throw new Error(`test batch refused: ${refusal}`)
    this.decoder.unknown = record.unknown
    this.input.begin(this.decoder, record.recordMs)
    const verdict = this.memory.observe(this.input, fate, this.draft.ledger)
    if (verdict === 'new' && fate === 'count') this.draft.fold(this.input)
    this.verdicts.push(verdict)
    this.pending++
    return verdict
  }

  /** Folds a record as if it came from another session and were its batch `seq`. */
  foldAs(record: PlainRecord, session: number, seq: number): Verdict {
    const bytes = record.bytes.slice()
    this.decoder.read(bytes)
    bytes.set(sessionBytes(session), this.decoder.sessionStart)
    this.decoder.otherSeq = seq
    const verdict = this.fold({ ...record, bytes })
    this.decoder.otherSeq = null
    return verdict
  }

  commit(): TestCommit {
    const first = this.next
    this.next = first + this.pending
    this.pending = 0
    const delta = this.draft.encode(this.memory.watermark.ms)
    const privatePart = this.memory.encodeChanges(first, this.next)
    this.draft.clear()
    this.state.apply(delta, first, this.next)
    const commit = { first, next: this.next, delta, privatePart }
    this.commits.push(commit)
    return commit
  }

  /** Folds all records, with a commit after every `sizeOf(i)` of them. */
  run(records: readonly PlainRecord[], sizeOf: () => number): this {
    let left = sizeOf()
    for (const record of records) {
      this.fold(record)
      if (--left <= 0) {
        this.commit()
        left = sizeOf()
      }
    }
    if (this.pending > 0) this.commit()
    return this
  }

  /** Another owner that loads blobs and replays commits; `closed` as the store would have it. */
  static takeOver(blobs: readonly StateBlob[], commits: readonly TestCommit[]): OnePartition {
    const partition = new OnePartition()
    const closed = blobs.find(({ bucket }) => bucket === 'closed') ?? null
    partition.state = PartitionState.forOwner(closed)
    partition.memory.loadBlobs(blobs)
    for (const blob of blobs) if (partition.state.wants(blob.bucket)) partition.state.loadBlob(blob)
    for (const { first, next, delta, privatePart } of commits) {
      partition.memory.replay(privatePart, first, next)
      partition.state.apply(delta, first, next)
      partition.next = next
    }
    return partition
  }
}

/** All blobs that would have to be written now, as `bucket field` → hex. */
export function blobsOf(partition: OnePartition): Map<string, string> {
  const blobs = [...partition.state.dirtyBlobs(Infinity), ...partition.memory.dirtyBlobs(Infinity)]
  return new Map(
    blobs
      .map(
        ({ bucket, field, bytes }) =>
          [`${bucket} ${field}`, Buffer.from(bytes ?? []).toString('hex')] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
