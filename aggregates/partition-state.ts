import type { Aggregate } from './aggregate.ts'
import { aggregates } from './all-aggregates.ts'
import { ByteReader, ByteWriter } from './binary.ts'
import { CellStore, type ApplyContext, type Entry } from './cell-store.ts'
import { decodeHeader, decodeTables, type DeltaHeader } from './delta.ts'
import { DirtySet } from './dirty-set.ts'
import { closedAfterMs, closedBucket, LiveHolding, OwnerHolding } from './holding.ts'
import { pointsSection, readPoints, type PointVisitor } from './points.ts'
import type { BlobChange, Checkpointed, StateBlob } from './state-blob.ts'
import { bucketEnd, parseBucketName, type ResolutionName } from './time-buckets.ts'

/**
 * All cells of one partition. The processor and every live server build it from the same blobs and deltas:
 *
 *   processor   const [closed] = await store.readBlobs(partition, closedBucket)
 *               const state = PartitionState.forOwner(closed ?? null)
 *               store.load(partition, (bucket) => isPrivate({ bucket }) || state.wants(bucket))
 *               state.loadBlob(blob) for all, state.apply(publicDelta, first, next) for all commits held
 *               per commit: state.apply(draft.encode(…), first, next)
 *               per checkpoint: state.closeBuckets(); dirtyBlobs → put → markClean (or markDirty)
 *   live        const state = PartitionState.forLive(nowMs, keepMs)
 *               store.load(partition, state.wants), loadBlob and apply as above
 *               now and then: state.closeBuckets(nowMs); queries/ read the cells
 *
 * Apply only what continues the chain; after an error throw the object away and load again.
 */
export class PartitionState implements Checkpointed {
  /** Behind the last commit applied. */
  next = 0
  /** The partition's watermark after it, ms. */
  watermarkMs = 0
  /** Receive time of the newest record folded, ms; 0 = none yet. */
  newestRecordMs = 0
  readonly #holding: OwnerHolding | LiveHolding
  readonly #dirty: DirtySet<Entry> | null
  readonly #context: ApplyContext
  readonly #stores: CellStore<unknown>[]
  readonly #bySection = new Map<number, CellStore<unknown>>()
  readonly #writer = new ByteWriter(4_096)
  /** Cells whose blobs are under way, by bucket and field. */
  readonly #inFlight = new Map<string, Entry>()
  /** The blob about closed buckets is out of date. */
  #closedChanged = false

  private constructor(holding: OwnerHolding | LiveHolding) {
    this.#holding = holding
    this.#dirty = holding instanceof OwnerHolding ? new DirtySet() : null
    this.#context = { first: 0, next: 0, holding, dirty: this.#dirty }
    this.#stores = aggregates.map((aggregate) => new CellStore(aggregate, this.#context))
    for (const store of this.#stores) this.#bySection.set(store.aggregate.section, store)
  }

  /** For the processor. `closed` is the blob of `closedBucket`, null when there is none yet. */
  static forOwner(closed: StateBlob | null): PartitionState {
    const holding = new OwnerHolding()
    if (closed !== null) holding.decode(closed)
    return new PartitionState(holding)
  }

  /** For live: keeps no account of what changed, and holds time buckets for `keepMs` after their end. */
  static forLive(nowMs: number, keepMs: Record<ResolutionName, number>): PartitionState {
    return new PartitionState(new LiveHolding(nowMs, keepMs))
  }

  /** Whether a bucket has to be loaded. */
  readonly wants = (bucket: string): boolean => {
    const name = parseBucketName(bucket)
    if (name === null || !this.#stores.some(({ aggregate }) => aggregate.name === name.owner)) return false
    return (
      name.resolution === null ||
      this.#holding.wants(name.resolution, bucketEnd(name.resolution, name.startMs))
    )
  }

  /** The cells of one aggregate, for queries. */
  store<Cell>(aggregate: Aggregate<unknown, Cell>): CellStore<Cell> {
    return this.#bySection.get(aggregate.section) as CellStore<Cell>
  }

  /** Takes in a blob; false when its bucket is not an aggregate's of this program. Throws RangeError for damage. */
  loadBlob(blob: StateBlob): boolean {
    const name = parseBucketName(blob.bucket)
    const store =
      name === null ? undefined : this.#stores.find(({ aggregate }) => aggregate.name === name.owner)
    if (name === null || store === undefined) return false
    store.load(blob, name.resolution, name.startMs)
    return true
  }

  /**
   * Applies the public delta of the commit that covers offsets [first, next); empty for a claim. Cells that hold the
   * commit already (from a blob) are left alone. Returns the header, or null when there is none. Throws RangeError for
   * a damaged delta: the state is then undefined.
   */
  apply(delta: Uint8Array, first: number, next: number, onPoints?: PointVisitor): DeltaHeader | null {
    this.next = next
    if (delta.length === 0) return null
    const from = new ByteReader(delta)
    const header = decodeHeader(from)
    const tables = decodeTables(from)
    this.#context.first = first
    this.#context.next = next
    while (!from.atEnd) {
      const section = from.varint()
      const bytes = from.part()
      if (section === pointsSection) {
        if (onPoints !== undefined) readPoints(bytes, tables, onPoints)
      } else {
        const store = this.#bySection.get(section)
        store?.aggregate.apply(bytes, tables, store)
      }
    }
    this.watermarkMs = Math.max(this.watermarkMs, header.watermarkMs)
    this.newestRecordMs = Math.max(this.newestRecordMs, header.newestRecordMs)
    return header
  }

  /** For queries over history: shows a bucket of another state as if it were here. Apply nothing afterwards. */
  borrowBucket(
    from: PartitionState,
    aggregate: Aggregate<unknown, unknown>,
    resolution: ResolutionName,
    startMs: number,
  ): void {
    const bucket = from.store(aggregate).bucket(resolution, startMs)
    if (bucket !== undefined) this.store(aggregate).borrow(bucket)
  }

  dirtyBlobs(max: number): StateBlob[] {
    if (this.#dirty === null) return []
    const blobs = this.#dirty.take(max).map((entry) => {
      this.#inFlight.set(keyOf(entry.bucket.name, entry.field), entry)
      return entry.store.encode(entry, this.next, this.#writer)
    })
    if (this.#closedChanged && this.#holding instanceof OwnerHolding) {
      this.#closedChanged = false
      blobs.push(this.#holding.encode(this.next))
    }
    return blobs
  }

  markClean(blobs: readonly BlobChange[]): void {
    this.#dirty?.written(this.#landed(blobs))
  }

  markDirty(blobs: readonly BlobChange[]): void {
    this.#dirty?.returned(this.#landed(blobs))
    if (blobs.some(({ bucket }) => bucket === closedBucket)) this.#closedChanged = true
  }

  oldestDirty(): number | null {
    return this.#dirty?.oldest() ?? null
  }

  /** Cells whose present state is in no blob. */
  get dirtyCount(): number {
    return this.#dirty?.size ?? 0
  }

  get cellCount(): number {
    let count = 0
    for (const store of this.#stores) for (const _ of store.entries()) count++
    return count
  }

  /**
   * Forgets time buckets: the owner those that can't change any more and are written, live those that it has held long
   * enough. Returns the number of cells forgotten. `nowMs` is for live alone; the owner goes by the watermark.
   */
  closeBuckets(nowMs = 0): number {
    const holding = this.#holding
    if (holding instanceof LiveHolding) {
      holding.setNow(nowMs)
      return this.#drop((entry) => !holding.wants(entry.resolution, entry.endMs))
    }
    let closedMs = this.watermarkMs - closedAfterMs
    // A bucket with something left to write stays, and so does all that ends later.
    for (const entry of this.#dirty?.items() ?? []) {
      if (entry.bucket.resolution !== null) closedMs = Math.min(closedMs, entry.bucket.endMs - 1)
    }
    if (holding.close(closedMs, this.next)) this.#closedChanged = true
    return this.#drop((bucket) => bucket.endMs <= holding.beforeMs)
  }

  #drop(gone: (bucket: { resolution: ResolutionName; endMs: number }) => boolean): number {
    let dropped = 0
    for (const store of this.#stores) dropped += store.dropBuckets(gone)
    return dropped
  }

  #landed(blobs: readonly BlobChange[]): Entry[] {
    const entries: Entry[] = []
    for (const { bucket, field } of blobs) {
      if (bucket === closedBucket) continue
      const key = keyOf(bucket, field)
      const entry = this.#inFlight.get(key)
      if (entry === undefined) throw new Error(`blob ${key} was not under way`)
      this.#inFlight.delete(key)
      entries.push(entry)
    }
    return entries
  }
}

/** Reads the points of a delta without applying it. */
export function visitPoints(delta: Uint8Array, visitor: PointVisitor): void {
  if (delta.length === 0) return
  const from = new ByteReader(delta)
  decodeHeader(from)
  const tables = decodeTables(from)
  while (!from.atEnd) {
    const section = from.varint()
    const bytes = from.part()
    if (section === pointsSection) readPoints(bytes, tables, visitor)
  }
}

function keyOf(bucket: string, field: string): string {
  return `${bucket} ${field}`
}
