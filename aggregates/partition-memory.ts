import { limits } from '@sightline/protocol/limits'
import { ByteReader, ByteWriter } from './binary.ts'
import { DirtySet } from './dirty-set.ts'
import type { FoldInput } from './fold-input.ts'
import { laneSliceMs, LaneWindows, sliceOf, type Verdict } from './lane-windows.ts'
import type { LedgerDraft } from './ledger.ts'
import { NameDictionary } from './name-dictionary.ts'
import { SessionActivity } from './session-activity.ts'
import { blobFormat, type BlobChange, type Checkpointed, type StateBlob } from './state-blob.ts'
import { dayMs, dayStart, minuteMs } from './time-buckets.ts'
import { Watermark } from './watermark.ts'

export type { Verdict } from './lane-windows.ts'

/** What becomes of a batch when it is new. */
export type Fate = 'count' | 'exclude' | 'deadLetter'

/**
 * The private part of a partition: what only its owner needs to go on folding. Duplicate windows, watermark, sessions'
 * newest seconds, and the names (pages, referrers) admitted today.
 *
 * It runs ahead of the last commit while records are folded. Per partition, strictly in this order:
 *
 *   take-over   loadBlobs(snapshot.blobs), then replay(privatePart) for each commit held, oldest first
 *   record      observe(input, fate, draft.ledger)
 *   commit      encodeChanges(first) → the commit's private part
 *   checkpoint  dirtyBlobs → put → markClean; only between encodeChanges and the next observe (it throws otherwise)
 *
 * When a commit is fenced or hits a gap the whole object is thrown away and loaded anew.
 */
export class PartitionMemory implements Checkpointed {
  readonly watermark = new Watermark()
  readonly lanes = new LaneWindows()
  readonly #pages = new NameDictionary(limits.pagesPerSiteMax)
  readonly #referrers = new NameDictionary(limits.referrersPerSiteMax)
  readonly #activity = new SessionActivity()
  /** The day whose names are in the dictionaries, by the watermark. */
  #dayMs = 0
  /** Lanes were last expired at this minute of the watermark. */
  #sweptMs = 0
  /** observe was called since the last encodeChanges. */
  #ahead = false
  /** Keys of parts, bucket and field: `watermark/0`, `lanes/<slice>`, `names:<day>/<site>`. */
  readonly #dirty = new DirtySet<string>()
  /** Slices of lanes that may stand in blobs. */
  readonly #slices = new Set<number>()
  /** The offset behind the last commit encoded or replayed. */
  #next = 0

  /** Active sessions known; an upper bound of those that are active now. */
  get sessions(): number {
    return this.#activity.count
  }

  /**
   * Judges one record, books it in the ledger (received, its outcome, lane changes) and, when it is new, marks it.
   * Sets the fields of `input` that fold needs. Only a batch that is `new` with fate `count` may be folded.
   *
   * `lanes-full` is booked as dead-lettered: the caller writes the dead letter with that reason.
   */
  observe(input: FoldInput, fate: Fate, ledger: LedgerDraft): Verdict {
    this.#ahead = true
    const { batch, site } = input
    if (this.watermark.advance(input.recordMs)) this.#onWatermark(ledger)
    input.setTime(this.watermark.effectiveMs(input.recordMs), this.watermark.ms)
    ledger.received(site, batch.n)

    const verdict = this.lanes.observe(input, fate === 'count', ledger)
    if (verdict === 'duplicate') ledger.duplicate(site, batch.n)
    else if (verdict === 'too-old') ledger.tooOld(site, batch.n)
    else if (verdict === 'lanes-full') {
      // Without a lane nothing else would book what was sealed.
      ledger.sealed(site, batch.n)
      ledger.deadLettered(site, batch.n)
    } else if (fate === 'exclude') ledger.excluded(site, batch.n)
    else if (fate === 'deadLetter') ledger.deadLettered(site, batch.n)
    else {
      ledger.counted(site, batch.n)
      this.#prepareFold(input)
    }
    return verdict
  }

  #prepareFold(input: FoldInput): void {
    const { batch, site } = input
    input.sessionSecondBefore = this.#activity.touch(input.sessionHi, input.sessionLo, input.second)
    input.pages = this.#pages
    input.page = this.#pages.lookup(site, batch.bytes, batch.pageStart, batch.pageEnd)
    input.referrer =
      batch.refEnd > batch.refStart
        ? this.#referrers.lookup(site, batch.bytes, batch.refStart, batch.refEnd)
        : null
  }

  #onWatermark(ledger: LedgerDraft): void {
    const nowMs = this.watermark.ms
    const minute = minuteOf(nowMs)
    if (minute <= this.#sweptMs) return
    this.#sweptMs = minute
    this.lanes.expire(minute, ledger)
    this.#forgetSlices(minute)
    this.#activity.sweep(minute)
    const today = dayStart(nowMs)
    if (today !== this.#dayMs) this.#beginDay(today)
  }

  #beginDay(startMs: number): void {
    this.#dayMs = startMs
    this.#pages.clear()
    this.#referrers.clear()
  }

  /**
   * The changes since the last call, as the private part of the commit that covers offsets [first, next). May be called
   * before the commit is written: the same bytes are sent again until it is, or this object is thrown away.
   */
  encodeChanges(first: number, next: number): Uint8Array {
    const out = new ByteWriter()
    out.u8(blobFormat)
    this.watermark.encode(out)
    out.varint(this.#dayMs)
    this.#dirty.touch(watermarkKey, first)
    for (const names of [this.#pages, this.#referrers]) {
      for (const site of names.changedSites()) this.#dirty.touch(namesKey(this.#dayMs, site), first)
      names.encodeChanges(out)
    }
    this.lanes.encodeChanges(out, (startMs) => this.#dirty.touch(lanesKey(startMs), first))
    this.#ahead = false
    this.#next = next
    return out.take()
  }

  /** Takes in one commit's private part, in the order of commits. Throws RangeError when it is damaged. */
  replay(privatePart: Uint8Array, first: number, next: number): void {
    this.#next = next
    if (privatePart.length === 0) return
    const from = new ByteReader(privatePart)
    readFormat(from, 'private part')
    this.watermark.decode(from)
    const day = from.varint()
    if (day !== this.#dayMs) this.#beginDay(day)
    for (const names of [this.#pages, this.#referrers]) {
      for (const site of names.decodeChanges(from)) this.#dirty.touch(namesKey(day, site), first)
    }
    this.lanes.decodeLanes(from, (sessionHi, sessionLo, second, lastMs) => {
      this.#noteActivity(sessionHi, sessionLo, second)
      this.#dirty.touch(lanesKey(sliceOf(lastMs)), first)
    })
    this.#dirty.touch(watermarkKey, first)
    // Its lanes were alive in its minute: until the next one, none has to be forgotten.
    if (minuteOf(this.watermark.ms) !== this.#sweptMs) this.#sweepAfterLoad()
  }

  /**
   * Takes in the private ones among the blobs of a snapshot, in whatever order they come; replay follows. Throws
   * RangeError for damage or another format.
   */
  loadBlobs(blobs: readonly StateBlob[]): void {
    for (const blob of blobs.filter(isPrivate).sort(byTime)) {
      const from = new ByteReader(blob.bytes)
      readFormat(from, `${blob.bucket} ${blob.field}`)
      if (blob.bucket === 'watermark') {
        this.watermark.decode(from)
        this.#dayMs = dayStart(this.watermark.ms)
      } else if (blob.bucket === lanesBucket) {
        // A lane may still stand in the blob of an older slice: the newer one comes later and wins.
        this.#slices.add(Number(blob.field))
        this.lanes.decodeLanes(from, (hi, lo, second) => this.#noteActivity(hi, lo, second))
      } else if (blob.bucket === namesBucket(this.#dayMs)) {
        this.#pages.decodeSite(Number(blob.field), from)
        this.#referrers.decodeSite(Number(blob.field), from)
      }
    }
    this.#sweepAfterLoad()
  }

  /** Lanes in old blobs may have been forgotten since, and were booked as lost then. */
  #sweepAfterLoad(): void {
    this.#sweptMs = minuteOf(this.watermark.ms)
    this.lanes.expire(this.#sweptMs, null)
    this.#forgetSlices(this.#sweptMs)
    this.#activity.sweep(this.#sweptMs)
  }

  /** Blobs of slices whose lanes are all forgotten are to be deleted. */
  #forgetSlices(nowMs: number): void {
    for (const startMs of this.#slices) {
      if (startMs + laneSliceMs <= nowMs - limits.laneHorizonMs)
        this.#dirty.touch(lanesKey(startMs), this.#next)
    }
  }

  dirtyBlobs(max: number): BlobChange[] {
    if (this.#ahead) throw new Error('checkpoint of a partition memory that is ahead of its commits')
    return this.#dirty.take(max).flatMap((key) => this.#encodePart(key) ?? [])
  }

  markClean(blobs: readonly BlobChange[]): void {
    for (const { bucket, field, bytes } of blobs) {
      if (bucket === lanesBucket && bytes === null) this.#slices.delete(Number(field))
    }
    this.#dirty.written(blobs.map(keyOf))
  }

  markDirty(blobs: readonly BlobChange[]): void {
    this.#dirty.returned(blobs.map(keyOf))
  }

  oldestDirty(): number | null {
    return this.#dirty.oldest()
  }

  #noteActivity(sessionHi: number, sessionLo: number, second: number): void {
    if (second > 0) this.#activity.touch(sessionHi, sessionLo, second)
  }

  /** null for a part that is not needed and in no blob. */
  #encodePart(key: string): BlobChange | null {
    const out = new ByteWriter()
    out.u8(blobFormat)
    const [bucket, field] = key.split('/')
    let expireAtMs: number | null = null
    if (bucket === lanesBucket) {
      const startMs = Number(field)
      // All its lanes have moved on to newer slices, or were forgotten.
      if (this.lanes.encodeSlice(startMs, out) === 0) {
        if (!this.#slices.has(startMs)) return this.#notNeeded(key)
        return { bucket, field, upto: this.#next, bytes: null, expireAtMs }
      }
      this.#slices.add(startMs)
    } else if (key === watermarkKey) this.watermark.encode(out)
    else if (bucket === namesBucket(this.#dayMs)) {
      this.#pages.encodeSite(Number(field), out)
      this.#referrers.encodeSite(Number(field), out)
      // Day 0 is the time before the watermark's first run: it has no end that could be reckoned.
      expireAtMs = this.#dayMs === 0 ? null : this.#dayMs + 3 * dayMs
    } else return this.#notNeeded(key)
    return { bucket, field, upto: this.#next, bytes: out.take(), expireAtMs }
  }

  #notNeeded(key: string): null {
    this.#dirty.written([key])
    return null
  }
}

/**
 * One bucket for all slices, which the store's clock never takes away: lanes are forgotten by the watermark, which
 * stands still while nobody folds.
 */
const lanesBucket = 'lanes'
const watermarkKey = 'watermark/0'

function minuteOf(timeMs: number): number {
  return timeMs - (timeMs % minuteMs)
}

function lanesKey(startMs: number): string {
  return `${lanesBucket}/${startMs}`
}

function namesBucket(startMs: number): string {
  return `names:${startMs}`
}

function namesKey(startMs: number, site: number): string {
  return `${namesBucket(startMs)}/${site}`
}

function keyOf({ bucket, field }: BlobChange): string {
  return `${bucket}/${field}`
}

function readFormat(from: ByteReader, what: string): void {
  const format = from.u8()
  if (format !== blobFormat)
    throw new RangeError(`${what}: format ${format}, this program reads ${blobFormat}`)
}

/** Whether a blob belongs to PartitionMemory; the others belong to PartitionState. */
export function isPrivate(blob: { bucket: string }): boolean {
  return blob.bucket === 'watermark' || blob.bucket === lanesBucket || blob.bucket.startsWith('names:')
}

/** The watermark first: it says which day it is. Slices of lanes in the order of time. */
function byTime(a: StateBlob, b: StateBlob): number {
  return timeOf(a) - timeOf(b)
}

function timeOf({ bucket, field }: StateBlob): number {
  if (bucket === 'watermark') return -1
  return bucket === lanesBucket ? Number(field) : 0
}
