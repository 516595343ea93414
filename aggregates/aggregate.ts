import type { ByteReader, ByteWriter } from './binary.ts'
import type { DeltaTables } from './delta.ts'
import type { FoldInput } from './fold-input.ts'
import type { Resolution } from './time-buckets.ts'

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
 *
 * The parts: fold-input.ts (a batch, prepared) → partition-memory.ts (private: duplicate windows, watermark, names) →
 * partition-draft.ts (all drafts, the delta) → partition-state.ts (all cells, blobs) → queries/. Rules: SPEC.md.
 */
export interface Aggregate<Draft, Cell> {
  /** First part of the bucket names. */
  readonly name: string
  /** Id of its delta section; never reused. */
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

  /** Adds one delta section to the cells. */
  apply(section: ByteReader, tables: DeltaTables, cells: CellAccess<Cell>): void

  createCell(): Cell
  /** Equal cells give equal bytes, however they came about. */
  encodeCell(cell: Cell, out: ByteWriter): void
  decodeCell(bytes: ByteReader): Cell
  /** Adds `from` to `into`: other partitions, other buckets. `from` is left as it is. */
  merge(into: Cell, from: Cell): void
}

/** Hands out cells of one aggregate while a delta is applied. */
export interface CellAccess<Cell> {
  /**
   * The cells (one per resolution) into which an increment of this field at this time goes, created when missing and
   * marked dirty. Cells whose blob already holds the commit being applied are left out, so the list may be empty.
   * Fields are `<site>` or `<site>/<dimensions>`, a page last. Timeless aggregates leave out the time.
   * The list is reused by the next call.
   */
  touch(field: string, timeMs?: number): readonly Cell[]
}
