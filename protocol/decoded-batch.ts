import type { Refusal } from './errors.ts'

/**
 * What BatchDecoder.read leaves behind: header fields and columns in arrays that are reused by the next read.
 * Strings stay as byte ranges into `bytes` until somebody asks for them. Nothing here may be kept across reads.
 */
export interface DecodedBatch {
  /** The buffer last read; all `…Start`/`…End` fields are positions in it. */
  bytes: Uint8Array
  sessionStart: number
  lane: number
  seq: number
  ev0: number
  /** Events sealed in the batch: at least `moveCount + scrollCount + clickCount + markCount`. */
  n: number
  /** ms since the epoch, client clock. */
  t0: number
  clockOff: number
  clockRtt: number
  pageStart: number
  pageEnd: number
  pv: number
  vw: number
  vh: number
  dh: number
  outline: number
  refStart: number
  refEnd: number
  lostRing: number
  lostRefused: number
  thinned: number
  /** Bit 0 fin, bit 1 touch or pen. */
  flags: number
  site: number

  moveCount: number
  /** ms from t0, running (not deltas); at least `moveCount` valid elements. */
  readonly moveDt: Uint32Array
  /** Page px, running. */
  readonly moveX: Int32Array
  readonly moveY: Int32Array
  scrollCount: number
  readonly scrollDt: Uint32Array
  readonly scrollY: Int32Array
  clickCount: number
  readonly clickDt: Uint32Array
  readonly clickX: Int32Array
  readonly clickY: Int32Array
  readonly clickButton: Uint8Array
  readonly clickTargetStart: Uint32Array
  readonly clickTargetEnd: Uint32Array
  /** 1/65535 of the element's width and height. */
  readonly clickEx: Uint16Array
  readonly clickEy: Uint16Array
  markCount: number
  readonly markDt: Uint32Array
  readonly markKind: Uint8Array
  readonly markValueStart: Uint32Array
  readonly markValueEnd: Uint32Array

  /** The text of a byte range of `bytes`. */
  text(start: number, end: number): string
}

/** `batch-decoder.ts` exports `class BatchDecoder implements BatchReader`. */
export interface BatchReader extends DecodedBatch {
  /**
   * Checks and decodes one batch in one pass without allocating. Returns null when valid, else the reason; after a
   * refusal the fields are undefined values and must not be used.
   */
  read(bytes: Uint8Array, start?: number, end?: number): Refusal | null
}
