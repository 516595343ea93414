import { limits } from '@sightline/protocol/limits'
import { ByteReader, ByteWriter } from './binary.ts'
import { blobFormat, type StateBlob } from './state-blob.ts'
import type { ResolutionName } from './time-buckets.ts'

/**
 * Which time buckets a PartitionState holds in memory. Increments for a bucket that isn't held are left out: begun anew
 * in memory, its cells would lack what their blobs have, and would overwrite it.
 */
export interface Holding {
  /** Whether the bucket has to be loaded at the start. */
  wants(resolution: ResolutionName, endMs: number): boolean
  /** Whether a missing cell of the bucket may be begun by the commit that ends at `next`. */
  admits(resolution: ResolutionName, endMs: number, next: number): boolean
}

/** A time bucket takes no more increments when it ends this long before the watermark, ms (SPEC.md, rule T4). */
export const closedAfterMs = limits.lateEventMsMax + limits.lateRecordMsMax

/**
 * The owner holds every bucket that can still change, and those with something left to write.
 *
 * Buckets that end at or before `beforeMs` are closed: their blobs are complete, as of offset `upto`. A taker-over
 * replays commits from further back, which may concern closed buckets: those are in the blobs already. Behind `upto`
 * nothing concerns them any more.
 */
export class OwnerHolding implements Holding {
  beforeMs = 0
  upto = 0

  wants(_resolution: ResolutionName, endMs: number): boolean {
    return endMs > this.beforeMs
  }

  admits(_resolution: ResolutionName, endMs: number, next: number): boolean {
    if (endMs > this.beforeMs) return true
    if (next <= this.upto) return false
    throw new Error(
      `increment for a bucket that ended at ${endMs}, closed before ${this.beforeMs}, offset ${next}`,
    )
  }

  /** Closed from now on: all cells of buckets that end at or before `beforeMs` are in blobs. Never goes back. */
  close(beforeMs: number, upto: number): boolean {
    if (beforeMs <= this.beforeMs) return false
    this.beforeMs = beforeMs
    this.upto = upto
    return true
  }

  encode(upto: number): StateBlob {
    const out = new ByteWriter(32)
    out.u8(blobFormat)
    out.varint(this.beforeMs)
    out.varint(this.upto)
    return { bucket: closedBucket, field: '0', upto, bytes: out.take(), expireAtMs: null }
  }

  decode(blob: StateBlob): void {
    const from = new ByteReader(blob.bytes)
    const format = from.u8()
    if (format !== blobFormat)
      throw new RangeError(`${blob.bucket}: format ${format}, this program reads ${blobFormat}`)
    this.close(from.varint(), from.varint())
  }
}

/** Bucket of the blob that says what is closed. */
export const closedBucket = 'closed'

/** Live holds buckets for some time after their end; older ones are read from the store when somebody asks. */
export class LiveHolding implements Holding {
  readonly #keepMs: Record<ResolutionName, number>
  #nowMs: number

  /** `keepMs`: how long each resolution is held after a bucket's end. */
  constructor(nowMs: number, keepMs: Record<ResolutionName, number>) {
    this.#nowMs = nowMs
    this.#keepMs = keepMs
  }

  /** Time goes on, never back. */
  setNow(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs)
  }

  wants(resolution: ResolutionName, endMs: number): boolean {
    return endMs > this.#nowMs - this.#keepMs[resolution]
  }

  admits(resolution: ResolutionName, endMs: number): boolean {
    return this.wants(resolution, endMs)
  }
}
