import type { DecodedBatch } from '@sightline/protocol/decoded-batch'
import { limits } from '@sightline/protocol/limits'
import type { DeltaTableWriter } from './delta.ts'
import { bucketOf, BucketRuns } from './histogram.ts'
import { layoutOf, type Layout } from './layout.ts'
import type { Name, NameDictionary } from './name-dictionary.ts'
import { mix } from './slot-hash.ts'
import { minuteMs } from './time-buckets.ts'

/**
 * One batch on its way into the aggregates, with everything worked out once that several of them need. One object is
 * reused for all records:
 *
 *   const input = new FoldInput()
 *   for each record:
 *     decoder.read(record.value)                       the DecodedBatch
 *     input.begin(decoder, record.timestampMs)         who and when
 *     memory.observe(input, fate, draft.ledger)        duplicate? (sets the fields marked "by observe")
 *     draft.fold(input)                                only when new (sets the fields marked "by fold")
 */
export class FoldInput {
  batch!: DecodedBatch
  site = 0
  /** The gateway's receive time, ms. */
  recordMs = 0
  layout: Layout = 0

  /** Hash of (session id, site), 64 bits in two u32: identity within a site, never the id itself. */
  sessionHi = 0
  sessionLo = 0
  /** The lower 53 bits of that hash, for distinct counting. */
  sessionHash = 0

  // --- by observe ---
  /** The record's time as it counts, ms: never more than `lateRecordMsMax` behind the watermark. */
  effectiveMs = 0
  /** effectiveMs in whole seconds. */
  second = 0
  /** The partition's watermark with this record, ms. */
  watermarkMs = 0
  /** Second of the session's newest folded record before this one; 0 = none. */
  sessionSecondBefore = 0
  page!: Name
  /** null when the batch names no referrer. */
  referrer: Name | null = null
  /** Where other pages that the batch names are looked up. */
  pages!: NameDictionary

  // --- by fold ---
  tables!: DeltaTableWriter
  /** Index of the page in the delta's table. */
  pageIndex = 0
  /** The batch split at minute borders; the first `segmentCount` are valid. */
  readonly segments: Segment[] = []
  segmentCount = 0
  /** Hand-to-gateway latencies of the batch's events, by histogram bucket; empty without a clock sample. */
  readonly latency = new BucketRuns()

  /** Corrected ms of dt = 0, before clamping. */
  baseMs = 0
  /** Bounds of corrected event time, ms: [effectiveMs - lateEventMsMax, effectiveMs]. */
  eventMsMin = 0
  eventMsMax = 0

  /** Points to a decoded batch and works out who sent it. `recordMs` is an integer. */
  begin(batch: DecodedBatch, recordMs: number): void {
    this.batch = batch
    this.recordMs = recordMs
    this.site = batch.site
    this.layout = layoutOf(batch.vw)
    this.#hashSession(batch.bytes, batch.sessionStart)
  }

  /** Fixes the record's place in time. */
  setTime(effectiveMs: number, watermarkMs: number): void {
    this.effectiveMs = effectiveMs
    this.watermarkMs = watermarkMs
    this.second = Math.floor(effectiveMs / 1_000)
    this.eventMsMax = effectiveMs
    this.eventMsMin = Math.max(0, effectiveMs - limits.lateEventMsMax)
    this.baseMs = this.batch.t0 + this.batch.clockOff
  }

  /** Corrected time of an event, ms: when it happened, within the bounds. */
  eventMs(dt: number): number {
    const time = this.baseMs + dt
    return time > this.eventMsMax ? this.eventMsMax : time < this.eventMsMin ? this.eventMsMin : time
  }

  /**
   * Splits the batch at minute borders and gathers its latencies. Time runs upwards in every column, so a segment is a
   * range of each column.
   */
  split(): void {
    const { batch } = this
    this.segmentCount = 0
    let moves = 0
    let scrolls = 0
    let clicks = 0
    let marks = 0
    do {
      const dt = earliestDt(batch, moves, scrolls, clicks, marks)
      const startMs = minuteOf(this.eventMs(dt))
      // The first dt of the next minute. Events at the upper bound stay in the last minute there is.
      const beforeDt = startMs + minuteMs > this.eventMsMax ? Infinity : startMs + minuteMs - this.baseMs
      const segment = this.#nextSegment(startMs)
      segment.moveStart = moves
      segment.scrollStart = scrolls
      segment.clickStart = clicks
      segment.markStart = marks
      moves = endBefore(batch.moveDt, moves, batch.moveCount, beforeDt)
      scrolls = endBefore(batch.scrollDt, scrolls, batch.scrollCount, beforeDt)
      clicks = endBefore(batch.clickDt, clicks, batch.clickCount, beforeDt)
      marks = endBefore(batch.markDt, marks, batch.markCount, beforeDt)
      segment.moveEnd = moves
      segment.scrollEnd = scrolls
      segment.clickEnd = clicks
      segment.markEnd = marks
    } while (
      moves < batch.moveCount ||
      scrolls < batch.scrollCount ||
      clicks < batch.clickCount ||
      marks < batch.markCount
    )
    this.#gatherLatency()
  }

  #nextSegment(startMs: number): Segment {
    if (this.segmentCount === this.segments.length) this.segments.push(new Segment())
    const segment = this.segments[this.segmentCount++]
    segment.minuteMs = startMs
    return segment
  }

  #gatherLatency(): void {
    const { batch, latency } = this
    latency.clear()
    if (batch.clockRtt === 0) return
    const atZero = this.recordMs - this.baseMs
    addLatencies(latency, atZero, batch.moveDt, batch.moveCount)
    addLatencies(latency, atZero, batch.scrollDt, batch.scrollCount)
    addLatencies(latency, atZero, batch.clickDt, batch.clickCount)
    addLatencies(latency, atZero, batch.markDt, batch.markCount)
  }

  #hashSession(bytes: Uint8Array, start: number): void {
    let hi = 0x9e3779b9 ^ this.site
    let lo = 0x85ebca6b ^ Math.imul(this.site, 0x27d4eb2f)
    for (let at = start; at < start + 16; at += 4) {
      const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
      hi = mix(hi ^ word)
      lo = mix(Math.imul(lo, 5) + word + hi)
    }
    this.sessionHi = mix(hi + lo) >>> 0
    this.sessionLo = mix(lo ^ this.sessionHi) >>> 0
    this.sessionHash = (this.sessionHi & 0x1f_ffff) * 0x1_0000_0000 + this.sessionLo
  }
}

/** The part of a batch that falls into one minute. Ranges are [start, end) of the batch's columns. */
export class Segment {
  minuteMs = 0
  /** Index in the delta's table of (minute, page, layout). */
  group = 0
  moveStart = 0
  moveEnd = 0
  scrollStart = 0
  scrollEnd = 0
  clickStart = 0
  clickEnd = 0
  markStart = 0
  markEnd = 0
}

function minuteOf(timeMs: number): number {
  return timeMs - (timeMs % minuteMs)
}

/** dt of the earliest event not yet in a segment; 0 when the batch has no known event at all. */
function earliestDt(
  batch: DecodedBatch,
  moves: number,
  scrolls: number,
  clicks: number,
  marks: number,
): number {
  let dt = Infinity
  if (moves < batch.moveCount) dt = batch.moveDt[moves]
  if (scrolls < batch.scrollCount && batch.scrollDt[scrolls] < dt) dt = batch.scrollDt[scrolls]
  if (clicks < batch.clickCount && batch.clickDt[clicks] < dt) dt = batch.clickDt[clicks]
  if (marks < batch.markCount && batch.markDt[marks] < dt) dt = batch.markDt[marks]
  return dt === Infinity ? 0 : dt
}

/** The first index from `start` on whose dt is not below `beforeDt`. */
function endBefore(column: Uint32Array, start: number, count: number, beforeDt: number): number {
  // Nearly always the whole rest is in the same minute.
  if (start === count || column[count - 1] < beforeDt) return count
  let end = start
  while (column[end] < beforeDt) end++
  return end
}

/** Latencies fall along a column: most neighbours share a bucket. */
function addLatencies(runs: BucketRuns, atZeroMs: number, column: Uint32Array, count: number): void {
  for (let i = 0; i < count; i++) runs.add(bucketOf(atZeroMs - column[i]))
}
