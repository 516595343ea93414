import { limits } from '@sightline/protocol/limits'
import type { ByteReader, ByteWriter } from './binary.ts'

/**
 * How far a partition's records have come in time (SPEC.md, rules W…): a function of the record times in their order.
 *
 * It never goes back, and it follows a record at most `lateRecordMsMax` ahead. Records farther ahead move it only when
 * `watermarkRunRecords` of them come one after the other: then it goes to the earliest of these and on from there in
 * steps that it could have followed. One gateway with a wild clock, mixed with others, so can't close buckets or end
 * lanes. On a very quiet partition, where every record is far ahead of the one before, it lags by that many records,
 * which keeps buckets and lanes open longer and harms nothing.
 */
export class Watermark {
  /** ms; 0 = no run of records has agreed yet. */
  ms = 0
  /** Records far ahead that came one after the other. */
  #run: number[] = []

  /** Sees the next record's time, ms. Returns whether the watermark moved. */
  advance(recordMs: number): boolean {
    if (recordMs > this.ms + limits.lateRecordMsMax) return this.#farAhead(recordMs)
    if (this.#run.length > 0) this.#run = []
    if (recordMs <= this.ms) return false
    this.ms = recordMs
    return true
  }

  #farAhead(recordMs: number): boolean {
    this.#run.push(recordMs)
    if (this.#run.length < limits.watermarkRunRecords) return false
    const ascending = this.#run.toSorted((a, b) => a - b)
    this.ms = ascending[0]
    for (const ms of ascending) if (ms <= this.ms + limits.lateRecordMsMax) this.ms = ms
    this.#run = this.#run.filter((ms) => ms > this.ms + limits.lateRecordMsMax)
    return true
  }

  /** The time by which a record counts: its own, but never more than `lateRecordMsMax` behind the watermark. */
  effectiveMs(recordMs: number): number {
    return Math.max(recordMs, this.ms - limits.lateRecordMsMax)
  }

  encode(out: ByteWriter): void {
    out.varint(this.ms)
    out.varint(this.#run.length)
    for (const ms of this.#run) out.varint(ms - this.ms)
  }

  decode(from: ByteReader): void {
    this.ms = from.varint()
    this.#run = []
    for (let left = from.count(); left > 0; left--) this.#run.push(this.ms + from.varint())
  }
}
