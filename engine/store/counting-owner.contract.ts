import { bytesOf, logIdentity, textOf } from './contract-commits.ts'
import type { Blob, Commit, CommitOutcome, LiveStore, PartitionSnapshot } from './live-store.ts'

/**
 * An owner as the processor is one, with the smallest state that shows a lost or doubled commit: the record at
 * offset n adds a number to one of a few fields; every 40 offsets there are new fields in a new bucket, as there is a
 * new bucket for every minute. The state at any offset is therefore known without asking the store.
 */

const names = ['a', 'b', 'c', 'd', 'e']
const offsetsPerBucket = 40

/** What the record at `offset` adds, and to which field; the field begins with its bucket. */
function effect(offset: number): { field: string; amount: number } {
  const bucket = Math.floor(offset / offsetsPerBucket)
  return { field: `${bucket} ${names[(offset * 7) % names.length]}`, amount: ((offset * 13) % 9) + 1 }
}

function bucketOf(field: string): string {
  return `counts:${field.split(' ')[0]}`
}

/** The true state after all records below `next`. */
export function stateAt(next: number): Record<string, number> {
  const state: Record<string, number> = {}
  for (let offset = 0; offset < next; offset++) {
    const { field, amount } = effect(offset)
    state[field] = (state[field] ?? 0) + amount
  }
  return state
}

/** The state that a snapshot stands for: blobs, and the commits after each blob's offset. */
export function stateOf(snapshot: PartitionSnapshot): Record<string, number> {
  const state: Record<string, number> = {}
  const upto: Record<string, number> = {}
  for (const blob of snapshot.blobs) {
    state[blob.field] = Number(textOf(blob.bytes))
    upto[blob.field] = blob.upto
  }
  for (const commit of snapshot.commits) {
    if (commit.first === commit.next) continue
    const delta = JSON.parse(textOf(commit.publicDelta)) as Record<string, number>
    for (const [field, amount] of Object.entries(delta)) {
      if (commit.next > (upto[field] ?? 0)) state[field] = (state[field] ?? 0) + amount
    }
  }
  return Object.fromEntries(Object.entries(state).filter(([, count]) => count > 0))
}

/** The commit of the records from `first` to `next`. */
export function countingCommit(first: number, next: number, floor: number): Commit {
  const delta: Record<string, number> = {}
  for (let offset = first; offset < next; offset++) {
    const { field, amount } = effect(offset)
    delta[field] = (delta[field] ?? 0) + amount
  }
  return {
    first,
    next,
    publicDelta: bytesOf(JSON.stringify(delta)),
    privatePart: bytesOf(`up to ${next}`),
    floor,
  }
}

export class CountingOwner {
  readonly name: string
  epoch = 0
  next = 0
  /** Whether it believes that it owns the partition. */
  active = false
  private readonly store: LiveStore
  private readonly partition: number
  private state: Record<string, number> = {}
  /** Per field that changed since its blob was written: the offset from which on commits are needed. */
  private dirtyFrom = new Map<string, number>()

  constructor(name: string, store: LiveStore, partition: number) {
    this.name = name
    this.store = store
    this.partition = partition
  }

  /** Claims and loads; answers the snapshot, whose state it has taken. */
  async takeOver(): Promise<PartitionSnapshot> {
    const claim = await this.store.claim(this.partition, this.name, logIdentity, 0)
    if (claim.outcome !== 'ok') throw new Error(`claim refused: ${claim.outcome}`)
    const snapshot = await this.store.load(this.partition, () => true)
    if (snapshot === null) throw new Error('the state is gone')
    this.epoch = claim.epoch
    this.next = claim.next
    this.state = stateOf(snapshot)
    this.dirtyFrom = new Map()
    const upto = new Map(snapshot.blobs.map((blob) => [blob.field, blob.upto]))
    for (const field of Object.keys(this.state)) this.dirtyFrom.set(field, upto.get(field) ?? 0)
    this.active = true
    return snapshot
  }

  /** Forgets everything, as a killed process does. */
  crash(): void {
    this.active = false
    this.state = {}
  }

  /** The commit of the next `count` records, not sent yet. */
  nextCommit(count: number): Commit {
    return countingCommit(this.next, this.next + count, this.floor())
  }

  /** Sends a commit once and follows its outcome. */
  async send(commit: Commit): Promise<CommitOutcome> {
    const outcome = await this.store.commit(this.partition, this.epoch, commit)
    if (outcome === 'ok' || outcome === 'duplicate') this.advance(commit)
    else this.crash()
    return outcome
  }

  /** Writes the blobs of every second changed field, so that others stay behind. */
  async checkpoint(parity: number): Promise<'ok' | 'fenced' | 'no-state'> {
    const written = [...this.dirtyFrom.keys()].filter(
      (field) => field.charCodeAt(field.length - 1) % 2 === parity % 2,
    )
    const blobs: Blob[] = written.map((field) => ({
      bucket: bucketOf(field),
      field,
      upto: this.next,
      bytes: bytesOf(String(this.state[field] ?? 0)),
      expireAtMs: null,
    }))
    const outcome = await this.store.put(this.partition, this.epoch, blobs)
    if (outcome === 'ok') for (const field of written) this.dirtyFrom.delete(field)
    else this.crash()
    return outcome
  }

  private advance(commit: Commit): void {
    if (commit.next <= this.next) return
    for (let offset = commit.first; offset < commit.next; offset++) {
      const { field, amount } = effect(offset)
      this.state[field] = (this.state[field] ?? 0) + amount
      if (!this.dirtyFrom.has(field)) this.dirtyFrom.set(field, commit.first)
    }
    this.next = commit.next
  }

  private floor(): number {
    return Math.min(this.next, ...this.dirtyFrom.values())
  }
}
