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
 * and positions clamped, strings cut between characters), so a sealed batch is always admitted if `session`, `seq`,
 * `ev0` and `page` are right, `count` and `clicksAndMarks` were kept within the limits, and it is not too large.
 */
export class BatchEncoder {
  /** Events so far: at most limits.batchEventsMax fit into a batch. */
  count = 0
  /** Clicks and marks so far: at most limits.batchClicksAndMarksMax. */
  clicksAndMarks = 0
  private t0 = 0
  /** The columns so far, by field number. All lists are kept from batch to batch: no memory is made per event. */
  private columns: ByteList[] = []
  /** Clicks and marks so far; the one being encoded; the batch being sealed. */
  private messages = new ByteList()
  private message = new ByteList()
  private out = new ByteList()

  constructor() {
    for (let field = f.moveDt; field <= f.scrollDy; field++) this.columns[field] = new ByteList()
  }

  /** Starts an empty batch; `t0` is the base of its times, integer ms since the epoch. */
  begin(t0: number): void {
    this.t0 = t0
    this.count = this.clicksAndMarks = this.messages.length = 0
    for (const column of this.columns) if (column) column.length = column.last = 0
  }

  /** Moves the events to another base, so that load generators can seal one encoded batch again and again. */
  rebase(t0: number): void {
    this.t0 = t0
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
    const { message } = this
    message.number(f.clickDt, this.fromStart(t))
    message.number(f.clickX, zigzag(clamp(x, limits.positionPxMax)))
    message.number(f.clickY, zigzag(clamp(y, limits.positionPxMax)))
    message.number(f.clickButton, button)
    message.text(f.clickTarget, target, limits.targetBytesMax)
    message.number(f.clickEx, clamp(ex, limits.elementFractionMax))
    message.number(f.clickEy, clamp(ey, limits.elementFractionMax))
    this.endMessage(f.click)
  }

  /** `kind` is one of markKinds (mark-kinds.ts). */
  mark(t: number, kind: number, value: string): void {
    const { message } = this
    message.number(f.markDt, this.fromStart(t))
    message.number(f.markKind, kind)
    message.text(f.markValue, value, limits.markValueBytesMax)
    this.endMessage(f.mark)
  }

  /** The finished batch. The encoder keeps its events until `begin`. */
  seal(header: BatchHeader): Uint8Array<ArrayBuffer> {
    const { out } = this
    out.length = 0
    out.bytes(f.session, header.session, header.session.length)
    out.fixed32(f.lane, header.lane)
    out.number(f.seq, header.seq)
    out.number(f.ev0, header.ev0)
    out.number(f.n, this.count)
    out.number(f.t0, this.t0)
    out.number(f.clockOff, zigzag(clamp(header.clockOff, limits.clockOffsetMsMax, -limits.clockOffsetMsMax)))
    out.number(f.clockRtt, header.clockRtt)
    out.text(f.page, header.page, limits.pageBytesMax)
    out.number(f.pv, header.pv)
    out.number(f.vw, clamp(header.vw, limits.viewportPxMax))
    out.number(f.vh, clamp(header.vh, limits.viewportPxMax))
    out.number(f.dh, clamp(header.dh, limits.positionPxMax))
    out.fixed32(f.outline, header.outline)
    out.text(f.ref, header.ref, limits.refBytesMax)
    out.number(f.lostRing, header.lostRing)
    out.number(f.lostRefused, header.lostRefused)
    out.number(f.thinned, header.thinned)
    out.number(f.flags, header.flags)
    out.number(f.site, header.site)
    this.columns.forEach((column, field) => out.bytes(field, column.array, column.length))
    out.addAll(this.messages.array, this.messages.length)
    return out.copy()
  }

  /** ms from t0, never falling. */
  private time(field: number, t: number): void {
    const column = this.columns[field]
    const next = Math.max(column.last, this.fromStart(t))
    column.varint(next - column.last)
    column.last = next
  }

  private position(field: number, px: number): void {
    const column = this.columns[field]
    const next = clamp(px, limits.positionPxMax)
    column.varint(zigzag(next - column.last))
    column.last = next
  }

  private fromStart(t: number): number {
    return clamp(t - this.t0, limits.batchSpanMsMax)
  }

  private endMessage(field: number): void {
    this.count++
    this.clicksAndMarks++
    this.messages.bytes(field, this.message.array, this.message.length)
    this.message.length = 0
  }
}

const utf8 = new TextEncoder()
const textScratch = new Uint8Array(limits.pageBytesMax)

/** Bytes that grow (a plain array needs no code for that), with protobuf's ways to add to them. */
class ByteList {
  length = 0
  /** In a column: the element before, running. */
  last = 0
  readonly array: number[] = []

  /** Up to 2^53 − 1, so no bit operators on what is left. */
  varint(value: number): void {
    for (; value > 127; value = Math.floor(value / 128)) this.array[this.length++] = (value % 128) + 128
    this.array[this.length++] = value
  }

  /** proto3 leaves out what is zero or empty. */
  number(field: number, value: number): void {
    if (value) {
      this.varint(field * 8)
      this.varint(value)
    }
  }

  fixed32(field: number, value: number | undefined): void {
    if (value) {
      this.varint(field * 8 + 5)
      this.addAll([value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24], 4)
    }
  }

  bytes(field: number, bytes: ArrayLike<number>, length: number): void {
    if (length) {
      this.varint(field * 8 + 2)
      this.varint(length)
      this.addAll(bytes, length)
    }
  }

  /** At most `bytesMax` bytes of the text: encodeInto stops before the character that would not fit. */
  text(field: number, text: string | undefined, bytesMax: number): void {
    if (text) this.bytes(field, textScratch, utf8.encodeInto(text, textScratch.subarray(0, bytesMax)).written)
  }

  addAll(bytes: ArrayLike<number>, length: number): void {
    for (let i = 0; i < length; i++) this.array[this.length++] = bytes[i]
  }

  copy(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.length)
    for (let i = 0; i < this.length; i++) bytes[i] = this.array[i]
    return bytes
  }
}

/** Rounded, and brought into min … max. */
function clamp(value: number, max: number, min = 0): number {
  return Math.min(Math.max(Math.round(value), min), max)
}

/** An integer as a varint holds it: 0, −1, 1, −2 … → 0, 1, 2, 3 … */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}
