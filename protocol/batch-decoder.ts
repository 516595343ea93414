import { readPositions, readTimes } from './batch-columns.ts'
import * as f from './batch-field-numbers.ts'
import { BatchHeaderReader } from './batch-header-reader.ts'
import { fieldNumberMax, maxOf, typeOf, types, varintBytesMaxOf, wireOf } from './batch-field-rules.ts'
import type { BatchReader } from './decoded-batch.ts'
import type { Refusal } from './errors.ts'
import { limits } from './limits.ts'
import { markKinds } from './mark-kinds.ts'
import { isUtf8 } from './utf8.ts'
import { fromZigzag, wire } from './wire-reader.ts'

const slash = 0x2f
const byteMax = 0xff

const uint32BytesMax = 5
const onceFields = ~((1 << f.click) | (1 << f.mark))
const requiredFields = (1 << f.session) | (1 << f.seq) | (1 << f.page)
/** Fields of clicks and marks up to this number that are not known yet are skipped; others are refused. */
const nestedFieldMax = 15
const eventsMax = limits.batchEventsMax
const clicksAndMarksMax = limits.batchClicksAndMarksMax

/**
 * Admission and decoding of one batch in one pass (SPEC.md, rules B…). The arrays are made once and reused, so a
 * decoder serves one caller at a time. Methods inside return false for "not valid"; nothing throws.
 */
export class BatchDecoder extends BatchHeaderReader implements BatchReader {
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
    const refusal = this.readFields(bytes, start, end)
    if (refusal !== null) return refusal
    this.moveCount = this.counts[f.moveDt]
    this.scrollCount = this.counts[f.scrollDt]
    return this.holdsTogether() ? null : 'malformed'
  }

  private reset(bytes: Uint8Array, start: number): void {
    this.bytes = bytes
    this.pos = start
    this.seen = 0
    this.unknownBytes = 0
    this.resetHeader()
    this.counts.fill(0)
    this.clickCount = 0
    this.markCount = 0
  }

  /** All fields, in whatever order. */
  private readFields(bytes: Uint8Array, start: number, end: number): Refusal | null {
    let pos = start
    while (pos < end) {
      let tag = bytes[pos++]
      if (tag > 0x7f) {
        if (pos === end || bytes[pos] > 0x7f) return 'malformed'
        tag = (tag & 0x7f) | (bytes[pos++] << 7)
      }
      const field = tag >>> 3
      if (field > fieldNumberMax) return 'malformed'
      const type = typeOf[field]
      if (type === types.server) return 'server-field'
      if (type <= types.unknown || type === types.fixed32) {
        this.pos = pos
        if (!this.readRareField(field, type, tag & 7, end)) return 'malformed'
        pos = this.pos
        continue
      }
      const bit = 1 << field
      if ((tag & 7) !== wireOf[field] || (this.seen & bit & onceFields) !== 0) return 'malformed'
      this.seen |= bit
      // A varint: the number itself, or the length of what follows. Mostly of one or two bytes, so read in place.
      let value = 0
      if (pos < end && bytes[pos] < 0x80) value = bytes[pos++]
      else if (pos + 1 < end && bytes[pos + 1] < 0x80) {
        value = (bytes[pos] & 0x7f) | (bytes[pos + 1] << 7)
        pos += 2
      } else {
        this.pos = pos
        value = this.readVarint(end, varintBytesMaxOf[field])
        pos = this.pos
      }
      if (value < 0 || value > maxOf[field]) return 'malformed'
      if (wireOf[field] === wire.varint) {
        this.numbers[field] = value
        continue
      }
      const contentStart = pos
      pos += value
      if (pos > end || !this.readContent(field, type, contentStart, pos)) return 'malformed'
    }
    return null
  }

  /** A field of four fixed bytes, or one of a later version. */
  private readRareField(field: number, type: number, wireType: number, end: number): boolean {
    if (type === types.unknown) return this.skip(wireType, end)
    const bit = 1 << field
    if (type === types.none || wireType !== wireOf[field] || (this.seen & bit) !== 0) return false
    this.seen |= bit
    return (this.numbers[field] = this.readFixed32(end)) >= 0
  }

  /** What a length announced: bytes [start, end), which are within the batch and not longer than the field may be. */
  private readContent(field: number, type: number, start: number, end: number): boolean {
    const bytes = this.bytes
    if (type === types.positions) {
      const into = field === f.moveDx ? this.moveX : field === f.moveDy ? this.moveY : this.scrollY
      return (this.counts[field] = readPositions(bytes, start, end, into)) > 0
    }
    if (type === types.times) {
      return (
        (this.counts[field] = readTimes(
          bytes,
          start,
          end,
          field === f.moveDt ? this.moveDt : this.scrollDt,
        )) > 0
      )
    }
    this.pos = start
    if (type === types.click) return this.readClick(end)
    if (type === types.mark) return this.readMark(end)
    return this.readHeaderContent(type, start, end)
  }

  private readClick(end: number): boolean {
    const i = this.clickCount
    if (i + this.markCount === clicksAndMarksMax) return false
    if (!this.readNested(end, f.clickEy, f.clickTarget, limits.targetBytesMax)) return false
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
    if (nested[f.clickDt] > limits.batchSpanMsMax || nested[f.clickButton] > byteMax) return false
    return (
      isPosition(x) &&
      isPosition(y) &&
      nested[f.clickEx] <= limits.elementFractionMax &&
      nested[f.clickEy] <= limits.elementFractionMax
    )
  }

  private readMark(end: number): boolean {
    const i = this.markCount
    if (i + this.clickCount === clicksAndMarksMax) return false
    if (!this.readNested(end, f.markValue, f.markValue, limits.markValueBytesMax)) return false
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
