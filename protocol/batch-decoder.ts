import { readPositions, readTimes } from './batch-columns.ts'
import * as f from './batch-field-numbers.ts'
import { fieldNumberMax, maxOf, typeOf, types, wireOf } from './batch-field-rules.ts'
import type { BatchReader } from './decoded-batch.ts'
import type { Refusal } from './errors.ts'
import { limits } from './limits.ts'
import { markKinds } from './mark-kinds.ts'
import { isUtf8, utf8Text } from './utf8.ts'
import { fromZigzag, wire, WireReader } from './wire-reader.ts'

const slash = 0x2f
const byteMax = 0xff
const fractionMax = 0xffff
const uint32BytesMax = 5
const timeBytesMax = 8
const requiredFields = (1 << f.session) | (1 << f.seq) | (1 << f.page)
/** Fields of clicks and marks up to this number that are not known yet are skipped; others are refused. */
const nestedFieldMax = 15
const eventsMax = limits.batchEventsMax
const clicksAndMarksMax = limits.batchClicksAndMarksMax

/**
 * Admission and decoding of one batch in one pass (SPEC.md, rules B…). The arrays are made once and reused, so a
 * decoder serves one caller at a time. Methods inside return false for "not valid"; nothing throws.
 */
export class BatchDecoder extends WireReader implements BatchReader {
  sessionStart = 0
  lane = 0
  seq = 0
  ev0 = 0
  n = 0
  t0 = 0
  clockOff = 0
  clockRtt = 0
  pageStart = 0
  pageEnd = 0
  pv = 0
  vw = 0
  vh = 0
  dh = 0
  outline = 0
  refStart = 0
  refEnd = 0
  lostRing = 0
  lostRefused = 0
  thinned = 0
  flags = 0
  site = 0

  moveCount = 0
  readonly moveDt = new Uint32Array(eventsMax)
  readonly moveX = new Int32Array(eventsMax)
  readonly moveY = new Int32Array(eventsMax)
  scrollCount = 0
  readonly scrollDt = new Uint32Array(eventsMax)
  readonly scrollY = new Int32Array(eventsMax)
  clickCount = 0
  readonly clickDt = new Uint32Array(clicksAndMarksMax)
  readonly clickX = new Int32Array(clicksAndMarksMax)
  readonly clickY = new Int32Array(clicksAndMarksMax)
  readonly clickButton = new Uint8Array(clicksAndMarksMax)
  readonly clickTargetStart = new Uint32Array(clicksAndMarksMax)
  readonly clickTargetEnd = new Uint32Array(clicksAndMarksMax)
  readonly clickEx = new Uint16Array(clicksAndMarksMax)
  readonly clickEy = new Uint16Array(clicksAndMarksMax)
  markCount = 0
  readonly markDt = new Uint32Array(clicksAndMarksMax)
  readonly markKind = new Uint8Array(clicksAndMarksMax)
  readonly markValueStart = new Uint32Array(clicksAndMarksMax)
  readonly markValueEnd = new Uint32Array(clicksAndMarksMax)

  /** Header numbers by field number while a batch is being read. */
  private readonly numbers = new Float64Array(fieldNumberMax + 1)
  /** Elements of each column by field number. */
  private readonly counts = new Uint32Array(fieldNumberMax + 1)
  /** A bit per field number met: a second occurrence is refused. */
  private seen = 0
  /** The numbers of the click or mark being read, by field number, and the range of its string. */
  private readonly nested = new Float64Array(nestedFieldMax + 1)
  private stringStart = 0
  private stringEnd = 0

  /**
   * Checks and decodes bytes [start, end). Returns null when valid, else why not. The fields mean something only
   * after null, and only until the next read.
   */
  read(bytes: Uint8Array, start = 0, end = bytes.length): Refusal | null {
    if (end - start > limits.batchBytesMax) return 'too-large'
    if (end - start < limits.batchBytesMin || start < 0 || end > bytes.length) return 'malformed'
    this.reset(bytes, start)
    while (this.pos < end) {
      const tag = this.readTag(end)
      const field = tag >>> 3
      if (tag < 0 || field > fieldNumberMax) return 'malformed'
      const type = typeOf[field]
      if (type === types.server) return 'server-field'
      if (!this.readField(field, type, tag & 7, end)) return 'malformed'
    }
    this.nameNumbers()
    return this.holdsTogether() ? null : 'malformed'
  }

  /** The text of a byte range of `bytes`. */
  text(start: number, end: number): string {
    return utf8Text(this.bytes, start, end)
  }

  private reset(bytes: Uint8Array, start: number): void {
    this.bytes = bytes
    this.pos = start
    this.seen = 0
    this.unknownBytes = 0
    this.numbers.fill(0)
    this.counts.fill(0)
    this.clickCount = 0
    this.markCount = 0
    this.refStart = 0
    this.refEnd = 0
  }

  /** Reads one field behind its tag; false when it is not valid. */
  private readField(field: number, type: number, wireType: number, end: number): boolean {
    if (type === types.unknown) return this.skip(wireType, end)
    if (type === types.none || wireType !== wireOf[field]) return false
    if (type !== types.click && type !== types.mark) {
      const bit = 1 << field
      if ((this.seen & bit) !== 0) return false
      this.seen |= bit
    }
    if (type === types.uint32) {
      const value = this.readVarint(end, uint32BytesMax)
      this.numbers[field] = value
      return value >= 0 && value <= maxOf[field]
    }
    return wireType === wire.lengthDelimited ? this.readBytes(field, type, end) : this.readNumber(field, type, end)
  }

  /** Reads a number that is not a plain uint32. */
  private readNumber(field: number, type: number, end: number): boolean {
    const coded = type === types.fixed32
      ? this.readFixed32(end)
      : this.readVarint(end, type === types.uint64 ? timeBytesMax : uint32BytesMax)
    const value = type === types.sint32 ? fromZigzag(coded) : coded
    this.numbers[field] = value
    return coded >= 0 && Math.abs(value) <= maxOf[field]
  }

  private readBytes(field: number, type: number, end: number): boolean {
    const last = this.readLength(end)
    if (last < 0 || last - this.pos > maxOf[field]) return false
    if (type === types.click) return this.readClick(last)
    if (type === types.mark) return this.readMark(last)
    const { bytes, pos: start } = this
    this.pos = last
    if (type === types.times) {
      const count = readTimes(bytes, start, last, field === f.moveDt ? this.moveDt : this.scrollDt)
      this.counts[field] = count
      return count > 0
    }
    if (type === types.positions) {
      const into = field === f.moveDx ? this.moveX : field === f.moveDy ? this.moveY : this.scrollY
      const count = readPositions(bytes, start, last, into)
      this.counts[field] = count
      return count > 0
    }
    if (type === types.session) {
      this.sessionStart = start
      return last - start === limits.sessionBytes
    }
    if (type === types.page) {
      this.pageStart = start
      this.pageEnd = last
      return start < last && bytes[start] === slash && isUtf8(bytes, start, last)
    }
    this.refStart = start
    this.refEnd = last
    return isUtf8(bytes, start, last)
  }

  private readClick(end: number): boolean {
    const i = this.clickCount
    if (i + this.markCount === clicksAndMarksMax || !this.readNested(end, f.clickEy, f.clickTarget, limits.targetBytesMax)) return false
    const nested = this.nested
    const x = fromZigzag(nested[f.clickX])
    const y = fromZigzag(nested[f.clickY])
    this.clickDt[i] = nested[f.clickDt]
    this.clickX[i] = x
    this.clickY[i] = y
    this.clickButton[i] = nested[f.clickButton]
    this.clickTargetStart[i] = this.stringStart
    this.clickTargetEnd[i] = this.stringEnd
    this.clickEx[i] = nested[f.clickEx]
    this.clickEy[i] = nested[f.clickEy]
    this.clickCount = i + 1
    return nested[f.clickDt] <= limits.batchSpanMsMax && isPosition(x) && isPosition(y) && nested[f.clickButton] <= byteMax &&
      nested[f.clickEx] <= fractionMax && nested[f.clickEy] <= fractionMax
  }

  private readMark(end: number): boolean {
    const i = this.markCount
    if (i + this.clickCount === clicksAndMarksMax || !this.readNested(end, f.markValue, f.markValue, limits.markValueBytesMax)) return false
    const kind = this.nested[f.markKind]
    const hasValue = this.stringEnd > this.stringStart
    this.markDt[i] = this.nested[f.markDt]
    this.markKind[i] = kind
    this.markValueStart[i] = this.stringStart
    this.markValueEnd[i] = this.stringEnd
    this.markCount = i + 1
    if (carriesPath(kind) && hasValue && this.bytes[this.stringStart] !== slash) return false
    return this.nested[f.markDt] <= limits.batchSpanMsMax && kind > 0 && kind <= byteMax
  }

  /**
   * Reads a click or a mark into `nested` and `string…`. Its fields are 1 … `known`, all varints but `stringField`;
   * false when it is not valid.
   */
  private readNested(end: number, known: number, stringField: number, stringBytesMax: number): boolean {
    this.nested.fill(0)
    this.stringStart = 0
    this.stringEnd = 0
    let seen = 0
    while (this.pos < end) {
      const tag = this.readTag(end)
      const field = tag >>> 3
      if (tag < 0 || field === 0 || field > nestedFieldMax) return false
      if (field > known) {
        if (!this.skip(tag & 7, end)) return false
        continue
      }
      if ((seen & (1 << field)) !== 0) return false
      seen |= 1 << field
      if ((tag & 7) !== (field === stringField ? wire.lengthDelimited : wire.varint)) return false
      if (field === stringField) {
        const last = this.readLength(end)
        if (last < 0 || last - this.pos > stringBytesMax || !isUtf8(this.bytes, this.pos, last)) return false
        this.stringStart = this.pos
        this.stringEnd = last
        this.pos = last
      } else {
        const value = this.readVarint(end, uint32BytesMax)
        if (value < 0) return false
        this.nested[field] = value
      }
    }
    return true
  }

  /** Gives the header's numbers their names. */
  private nameNumbers(): void {
    const numbers = this.numbers
    this.lane = numbers[f.lane]
    this.seq = numbers[f.seq]
    this.ev0 = numbers[f.ev0]
    this.n = numbers[f.n]
    this.t0 = numbers[f.t0]
    this.clockOff = numbers[f.clockOff]
    this.clockRtt = numbers[f.clockRtt]
    this.pv = numbers[f.pv]
    this.vw = numbers[f.vw]
    this.vh = numbers[f.vh]
    this.dh = numbers[f.dh]
    this.outline = numbers[f.outline]
    this.lostRing = numbers[f.lostRing]
    this.lostRefused = numbers[f.lostRefused]
    this.thinned = numbers[f.thinned]
    this.flags = numbers[f.flags]
    this.site = numbers[f.site]
    this.moveCount = this.counts[f.moveDt]
    this.scrollCount = this.counts[f.scrollDt]
  }

  /** The rules that need more than one field. */
  private holdsTogether(): boolean {
    const { counts, moveCount, scrollCount } = this
    if ((this.seen & requiredFields) !== requiredFields) return false
    if (counts[f.moveDx] !== moveCount || counts[f.moveDy] !== moveCount) return false
    if (counts[f.scrollDy] !== scrollCount) return false
    if (this.n < moveCount + scrollCount + this.clickCount + this.markCount) return false
    return this.seq >= 1 && this.ev0 + this.n <= limits.sequenceMax
  }
}

function isPosition(px: number): boolean {
  return px >= 0 && px <= limits.positionPxMax
}

function carriesPath(kind: number): boolean {
  return kind === markKinds.navigation || kind === markKinds.restored || kind === markKinds.start
}
