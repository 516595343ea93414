import type { Aggregate, CellAccess } from './aggregate.ts'
import { ByteReader, ByteWriter } from './binary.ts'
import type { DirtySet } from './dirty-set.ts'
import type { Holding } from './holding.ts'
import { blobFormat, type StateBlob } from './state-blob.ts'
import {
  bucketEnd,
  bucketStart,
  timeBucketName,
  type Resolution,
  type ResolutionName,
} from './time-buckets.ts'

/** One cell with what is needed to keep it exact. */
export interface Entry {
  readonly store: CellStore<unknown>
  readonly bucket: Bucket
  readonly field: string
  cell: unknown
  /** Commits up to this offset were in the blob that the cell was loaded from; -1 for a cell begun here. */
  readonly heldUpto: number
  /** `next` of the last commit that touched it. */
  touchedBy: number
}

export interface Bucket {
  readonly name: string
  /** null = timeless. */
  readonly resolution: Resolution | null
  readonly startMs: number
  /** First ms behind it; Infinity for a timeless one. */
  readonly endMs: number
  readonly entries: Map<string, Entry>
}

/** The commit that is being applied. */
export interface ApplyContext {
  first: number
  next: number
  holding: Holding
  /** null when nobody writes checkpoints. */
  dirty: DirtySet<Entry> | null
}

/** All cells of one aggregate in one partition, by bucket and field. */
export class CellStore<Cell> implements CellAccess<Cell> {
  readonly aggregate: Aggregate<unknown, Cell>
  /** One map per resolution, by bucket start; a timeless aggregate has one bucket at 0. */
  readonly #buckets: Map<number, Bucket>[]
  readonly #context: ApplyContext
  readonly #touched: Cell[] = []
  #lastMs = -1
  #last: Bucket[] = []

  constructor(aggregate: Aggregate<unknown, Cell>, context: ApplyContext) {
    this.aggregate = aggregate
    this.#context = context
    this.#buckets =
      aggregate.resolutions.length === 0 ? [new Map()] : aggregate.resolutions.map(() => new Map())
  }

  touch(field: string, timeMs = 0): readonly Cell[] {
    this.#touched.length = 0
    for (const bucket of this.#bucketsAt(timeMs)) this.#touch(bucket, field)
    return this.#touched
  }

  /** The cell as it is now, or undefined. Timeless cells: cell(field). */
  cell(field: string, resolution?: ResolutionName, startMs = 0): Cell | undefined {
    return this.bucket(resolution, startMs)?.entries.get(field)?.cell as Cell | undefined
  }

  /** One bucket's cells by field, or undefined when there are none. */
  bucket(resolution?: ResolutionName, startMs = 0): Bucket | undefined {
    const { resolutions } = this.aggregate
    const index = resolution === undefined ? 0 : resolutions.findIndex(({ name }) => name === resolution)
    return this.#buckets[index]?.get(startMs)
  }

  /** Calls back with the cells of one bucket whose field is `prefix` or begins with `<prefix>/`. */
  each(
    prefix: string,
    visit: (cell: Cell, field: string) => void,
    resolution?: ResolutionName,
    startMs = 0,
  ): void {
    const bucket = this.bucket(resolution, startMs)
    if (bucket === undefined) return
    for (const [field, entry] of bucket.entries) {
      if (
        field.startsWith(prefix) &&
        (field.length === prefix.length || field.charCodeAt(prefix.length) === slash)
      ) {
        visit(entry.cell as Cell, field)
      }
    }
  }

  /** Shows another store's bucket as if it were here. */
  borrow(bucket: Bucket): void {
    const { resolutions } = this.aggregate
    const index = resolutions.findIndex(({ name }) => name === bucket.resolution?.name)
    this.#buckets[Math.max(0, index)].set(bucket.startMs, bucket)
  }

  /** Puts in a cell from a blob. */
  load(blob: StateBlob, resolution: ResolutionName | null, startMs: number): void {
    const index =
      resolution === null ? 0 : this.aggregate.resolutions.findIndex(({ name }) => name === resolution)
    if (index < 0) return
    const bytes = new ByteReader(blob.bytes)
    const format = bytes.u8()
    if (format !== blobFormat) {
      throw new RangeError(`${blob.bucket} ${blob.field}: format ${format}, this program reads ${blobFormat}`)
    }
    const bucket = this.#bucket(index, startMs)
    const cell = this.aggregate.decodeCell(bytes)
    bucket.entries.set(blob.field, {
      store: this,
      bucket,
      field: blob.field,
      cell,
      heldUpto: blob.upto,
      touchedBy: -1,
    })
  }

  encode(entry: Entry, upto: number, out: ByteWriter): StateBlob {
    out.reset()
    out.u8(blobFormat)
    this.aggregate.encodeCell(entry.cell as Cell, out)
    const { name, endMs, resolution } = entry.bucket
    const expireAtMs = resolution === null ? null : endMs + resolution.lifeMs
    return { bucket: name, field: entry.field, upto, bytes: out.take(), expireAtMs }
  }

  /** Drops the time buckets that `gone` names. Returns how many cells went. */
  dropBuckets(gone: (bucket: { resolution: ResolutionName; endMs: number }) => boolean): number {
    let dropped = 0
    this.#lastMs = -1
    for (const buckets of this.#buckets) {
      for (const [startMs, { resolution, endMs, entries }] of buckets) {
        if (resolution === null || !gone({ resolution: resolution.name, endMs })) continue
        buckets.delete(startMs)
        dropped += entries.size
      }
    }
    return dropped
  }

  /** All entries, for counts and tests. */
  *entries(): Iterable<Entry> {
    for (const buckets of this.#buckets) for (const bucket of buckets.values()) yield* bucket.entries.values()
  }

  #touch(bucket: Bucket, field: string): void {
    const { first, next, holding, dirty } = this.#context
    let entry = bucket.entries.get(field)
    if (entry === undefined) {
      if (bucket.resolution !== null && !holding.admits(bucket.resolution.name, bucket.endMs, next)) return
      entry = { store: this, bucket, field, cell: this.aggregate.createCell(), heldUpto: -1, touchedBy: -1 }
      bucket.entries.set(field, entry)
    } else if (entry.heldUpto >= next) {
      return
    }
    if (entry.touchedBy !== next) {
      entry.touchedBy = next
      dirty?.touch(entry, first)
    }
    this.#touched.push(entry.cell as Cell)
  }

  /** The buckets of all resolutions that contain a time; nearly always those of the call before. */
  #bucketsAt(timeMs: number): Bucket[] {
    if (timeMs === this.#lastMs) return this.#last
    const { resolutions } = this.aggregate
    this.#last =
      resolutions.length === 0
        ? [this.#bucket(0, 0)]
        : resolutions.map(({ name }, index) => this.#bucket(index, bucketStart(name, timeMs)))
    this.#lastMs = timeMs
    return this.#last
  }

  #bucket(index: number, startMs: number): Bucket {
    const buckets = this.#buckets[index]
    let bucket = buckets.get(startMs)
    if (bucket === undefined) {
      const { name, resolutions } = this.aggregate
      const resolution = resolutions.length === 0 ? null : resolutions[index]
      bucket = {
        name: resolution === null ? name : timeBucketName(name, resolution.name, startMs),
        resolution,
        startMs,
        endMs: resolution === null ? Infinity : bucketEnd(resolution.name, startMs),
        entries: new Map(),
      }
      buckets.set(startMs, bucket)
    }
    return bucket
  }
}

const slash = '/'.charCodeAt(0)
