import type { DecodedBatch } from '@sightline/protocol/decoded-batch'
import type { ByteReader, ByteWriter } from './binary.ts'

/**
 * How folding works.
 *
 * A commit covers some records of one partition. While they are folded, each aggregate collects what they change in a
 * *draft*. At the commit every draft is encoded as a section of the *delta*. The delta is then applied to the *cells*,
 * by the processor and by every live server with the same code, so that they can't differ: state = cells, and
 * state' = apply(state, delta). A cell is one value in one time bucket, and is checkpointed as one blob.
 *
 * Everything is a function of the records and their order alone: no clock, no randomness, no effect of where one
 * commit ends and the next begins (recent points, being a sample, are the one exception).
 */
export interface Aggregate<Draft, Cell> {
  /** First part of the bucket names, and the id of its delta section. */
  readonly name: string
  readonly section: number
  /** Each increment goes into one cell per resolution. Empty = one cell per field without time. */
  readonly resolutions: readonly Resolution[]

  createDraft(): Draft
  /** Adds one accepted batch to the draft. Hot: no allocation per event. */
  fold(draft: Draft, input: FoldInput): void
  isEmpty(draft: Draft): boolean
  encodeDelta(draft: Draft, out: ByteWriter): void
  /** Ready for the next commit, memory reused. */
  clear(draft: Draft): void

  /** Adds one delta section to the cells. `skip`-ping cells that already hold this commit is done by `cells`. */
  apply(section: ByteReader, cells: CellAccess): void

  createCell(): Cell
  encodeCell(cell: Cell, out: ByteWriter): void
  decodeCell(bytes: ByteReader): Cell
  /** Adds `from` to `into`: other partitions, other buckets. */
  merge(into: Cell, from: Cell): void
}

export interface Resolution {
  readonly name: 'minute' | 'hour' | 'day'
  readonly spanMs: number
  /** How long a bucket is kept after its end, ms. */
  readonly lifeMs: number
}

/** Hands out cells of one aggregate while a delta is applied. */
export interface CellAccess {
  /**
   * The cells (one per resolution) into which an increment of this field at this time goes, created when missing and
   * marked dirty. Cells whose blob already holds the commit being applied are left out.
   */
  touch(field: string, timeMs: number): Iterable<unknown>
}

/** One accepted batch, with what all aggregates need worked out once. */
export interface FoldInput {
  batch: DecodedBatch
  /** The gateway's receive time, ms. */
  recordMs: number
  site: number
  /** Interned: equal pages are the same string. */
  page: string
  layout: Layout
  /** 32 bits of the session's id; enough to tell trails apart, not to identify. */
  session: number
  /** 64 bits of the session id for distinct counting, as two u32. */
  sessionHi: number
  sessionLo: number
  /** Client ms + this = corrected ms; add batch.t0 + dt, then clamp with eventTime(). */
  clockOff: number
  /** Bounds of corrected event time: [recordMs - lateEventMsMax, recordMs]. */
  eventMsMin: number
  eventMsMax: number
}

/** By viewport width: phone < 768, tablet < 1,100, desktop < 1,920, wide. */
export const layouts = ['phone', 'tablet', 'desktop', 'wide'] as const
export type Layout = 0 | 1 | 2 | 3

export function layoutOf(viewportWidthPx: number): Layout {
  return viewportWidthPx < 768 ? 0 : viewportWidthPx < 1_100 ? 1 : viewportWidthPx < 1_920 ? 2 : 3
}
