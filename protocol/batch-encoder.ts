import * as f from './batch-field-numbers.ts'
import { limits } from './limits.ts'

/** What a batch says beside its events; batch.proto explains each field. Numbers are integers. */
export interface BatchHeader {
  /** 16 bytes. */
  session: Uint8Array
  lane: number
  /** From 1. */
  seq: number
  ev0: number
  /** ms */
  clockOff: number
  /** ms */
  clockRtt: number
  /** Path; begins with "/". */
  page: string
  pv: number
  /** CSS px, as the next two. */
  vw: number
  vh: number
  dh: number
  outline?: number
  ref?: string
  lostRing: number
  lostRefused: number
  thinned: number
  flags: number
  site: number
}

/**
 * Collects the events of one batch, encoding each as it comes, and seals them into immutable bytes. Times are ms since
 * the epoch on the client's clock, positions page px. What admission would refuse is brought into range here (times
 * and positions clamped, strings cut between characters), so a sealed batch is always admitted if `seq`, `session` and
 * `page` are right and `count` and `clicksAndMarks` were kept within the limits.
 */
export class BatchEncoder {
  /** Events so far: at most limits.batchEventsMax fit into a batch. */
  count = 0
  /** Clicks and marks so far: at most limits.batchClicksAndMarksMax. */
  clicksAndMarks = 0
  private t0 = 0
  /** Bytes of each column so far, by field number. */
  private columns: number[][] = []
  /** Last value in each column, by field number. */
  private last: number[] = []
  /** Clicks and marks, encoded. */
  private messages: number[] = []

  /** Starts an empty batch; `t0` is the base of its times, integer ms since the epoch. */
  begin(t0: number): void {
    this.count = this.clicksAndMarks = 0
    this.t0 = t0
    this.columns = []
    this.last = []
    this.messages = []
  }

  /** Moves the events to another base, so that one encoded batch can be sealed again and again (load generators). */
  rebase(t0: number): void {
    this.t0 = t0
  }

  /** Bytes that the events take so far; a header adds about 60 and its strings. */
  get bytes(): number {
    return this.columns.reduce((sum, column) => sum + column.length, this.messages.length)
  }

  move(t: number, x: number, y: number): void {
    this.count++
    this.time(f.moveDt, t)
    this.position(f.moveDx, x)
    this.position(f.moveDy, y)
  }

  scroll(t: number, y: number): void {
    this.count++
    this.time(f.scrollDt, t)
    this.position(f.scrollDy, y)
  }

  /** `ex`, `ey`: position within the element, 1/65535 of its width and height. */
  click(t: number, x: number, y: number, button: number, target: string, ex: number, ey: number): void {
    const click: number[] = []
    putNumber(click, f.clickDt, clamp(t - this.t0, limits.batchSpanMsMax))
    putNumber(click, f.clickX, zigzag(clamp(x, limits.positionPxMax)))
    putNumber(click, f.clickY, zigzag(clamp(y, limits.positionPxMax)))
    putNumber(click, f.clickButton, button)
    putText(click, f.clickTarget, target, limits.targetBytesMax)
    putNumber(click, f.clickEx, clamp(ex, 65_535))
    putNumber(click, f.clickEy, clamp(ey, 65_535))
    this.message(f.click, click)
  }

  /** `kind` is one of markKinds (mark-kinds.ts). */
  mark(t: number, kind: number, value: string): void {
    const mark: number[] = []
    putNumber(mark, f.markDt, clamp(t - this.t0, limits.batchSpanMsMax))
    putNumber(mark, f.markKind, kind)
    putText(mark, f.markValue, value, limits.markValueBytesMax)
    this.message(f.mark, mark)
  }

  /** The finished batch. The encoder keeps its events until `begin`. */
  seal(header: BatchHeader): Uint8Array<ArrayBuffer> {
    const out: number[] = []
    putBytes(out, f.session, header.session)
    putFixed32(out, f.lane, header.lane)
    putNumber(out, f.seq, header.seq)
    putNumber(out, f.ev0, header.ev0)
    putNumber(out, f.n, this.count)
    putNumber(out, f.t0, this.t0)
    putNumber(out, f.clockOff, zigzag(header.clockOff))
    putNumber(out, f.clockRtt, header.clockRtt)
    putText(out, f.page, header.page, limits.pageBytesMax)
    putNumber(out, f.pv, header.pv)
    putNumber(out, f.vw, clamp(header.vw, limits.viewportPxMax))
    putNumber(out, f.vh, clamp(header.vh, limits.viewportPxMax))
    putNumber(out, f.dh, clamp(header.dh, limits.positionPxMax))
    if (header.outline) putFixed32(out, f.outline, header.outline)
    putText(out, f.ref, header.ref ?? '', limits.refBytesMax)
    putNumber(out, f.lostRing, header.lostRing)
    putNumber(out, f.lostRefused, header.lostRefused)
    putNumber(out, f.thinned, header.thinned)
    putNumber(out, f.flags, header.flags)
    putNumber(out, f.site, header.site)
    this.columns.forEach((column, field) => putBytes(out, field, column))
    putAll(out, this.messages)
    return new Uint8Array(out)
  }

  private time(field: number, t: number): void {
    const last = this.last[field] ?? this.t0
    const next = Math.max(last, this.t0 + clamp(t - this.t0, limits.batchSpanMsMax))
    this.last[field] = next
    putVarint((this.columns[field] ??= []), next - last)
  }

  private position(field: number, px: number): void {
    const last = this.last[field] ?? 0
    const next = clamp(px, limits.positionPxMax)
    this.last[field] = next
    putVarint((this.columns[field] ??= []), zigzag(next - last))
  }

  private message(field: number, bytes: number[]): void {
    this.count++
    this.clicksAndMarks++
    putBytes(this.messages, field, bytes)
  }
}

const utf8 = new TextEncoder()

function clamp(value: number, max: number): number {
  return Math.min(Math.max(Math.round(value), 0), max)
}

/** 0, −1, 1, −2 … → 0, 1, 2, 3 … */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

/** Up to 2^53 − 1, so no bit operators on what is left. */
function putVarint(out: number[], value: number): void {
  while (value > 127) {
    out.push((value % 128) + 128)
    value = Math.floor(value / 128)
  }
  out.push(value)
}

/** proto3 leaves out what is zero or empty. */
function putNumber(out: number[], field: number, value: number): void {
  if (value) {
    putVarint(out, field * 8)
    putVarint(out, value)
  }
}

function putFixed32(out: number[], field: number, value: number): void {
  putVarint(out, field * 8 + 5)
  out.push(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24)
}

function putBytes(out: number[], field: number, bytes: ArrayLike<number>): void {
  putVarint(out, field * 8 + 2)
  putVarint(out, bytes.length)
  putAll(out, bytes)
}

function putText(out: number[], field: number, text: string, bytesMax: number): void {
  if (text) {
    const bytes = new Uint8Array(bytesMax)
    // encodeInto stops before the character that would not fit.
    putBytes(out, field, bytes.subarray(0, utf8.encodeInto(text, bytes).written))
  }
}

function putAll(out: number[], bytes: ArrayLike<number>): void {
  for (let i = 0; i < bytes.length; i++) out.push(bytes[i])
}
