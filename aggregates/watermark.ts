import { limits } from '@sightline/protocol/limits'
import type { ByteReader, ByteWriter } from './binary.ts'

/**
 * How far a partition's records have come in time (SPEC.md, rules W…): a function of the record times in their order.
 *
 * It never goes back, and it follows a record at most `lateRecordMsMax` ahead. Records farther ahead move it only when
 * `watermarkRunRecords` of them come one after the other, and then to the earliest of these: one gateway with a wild
 * clock, mixed with others, can't close buckets or end lanes. On a quiet site, where every record is far ahead of the one
 * before, it just lags by that many records, which keeps buckets open a little longer and harms nothing.
 */
export class Watermark {
  /** ms; 0 = no run of records has agreed yet. */
  ms = 0
  #run = 0
  #runEarliestMs = 0

  /** Sees the next record's time, ms. Returns whether the watermark moved. */
  advance(recordMs: number): boolean {
    if (recordMs <= this.ms + limits.lateRecordMsMax) {
      this.#run = 0
      if (recordMs <= this.ms) return false
      this.ms = recordMs
      return true
    }
    this.#runEarliestMs = this.#run === 0 ? recordMs : Math.min(this.#runEarliestMs, recordMs)
    this.#run++
    if (this.#run < limits.watermarkRunRecords) return false
    this.#run = 0
    this.ms = this.#runEarliestMs
    return true
  }

  /** The time by which a record counts: its own, but never more than `lateRecordMsMax` behind the watermark. */
  effectiveMs(recordMs: number): number {
    return Math.max(recordMs, this.ms - limits.lateRecordMsMax)
  }

  encode(out: ByteWriter): void {
    out.varint(this.ms)
    out.varint(this.#run)
    out.varint(this.#runEarliestMs)
  }

  decode(from: ByteReader): void {
    this.ms = from.varint()
    this.#run = from.varint()
    this.#runEarliestMs = from.varint()
  }
}
