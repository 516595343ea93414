import * as f from './batch-field-numbers.ts'
import { fieldNumberMax, types } from './batch-field-rules.ts'
import { limits } from './limits.ts'
import { isUtf8, utf8Text } from './utf8.ts'
import { fromZigzag, WireReader } from './wire-reader.ts'

const slash = 0x2f

/** The part of the decoder that holds what a batch says beside its events. Fields are explained in batch.proto. */
export class BatchHeaderReader extends WireReader {
  sessionStart = 0
  pageStart = 0
  pageEnd = 0
  refStart = 0
  refEnd = 0
  /** Numbers by field number, as they stand in the varint; absent ones are 0. */
  protected readonly numbers = new Float64Array(fieldNumberMax + 1)

  get lane(): number {
    return this.numbers[f.lane]
  }
  get seq(): number {
    return this.numbers[f.seq]
  }
  get ev0(): number {
    return this.numbers[f.ev0]
  }
  get n(): number {
    return this.numbers[f.n]
  }
  get t0(): number {
    return this.numbers[f.t0]
  }
  get clockOff(): number {
    return fromZigzag(this.numbers[f.clockOff])
  }
  get clockRtt(): number {
    return this.numbers[f.clockRtt]
  }
  get pv(): number {
    return this.numbers[f.pv]
  }
  get vw(): number {
    return this.numbers[f.vw]
  }
  get vh(): number {
    return this.numbers[f.vh]
  }
  get dh(): number {
    return this.numbers[f.dh]
  }
  get outline(): number {
    return this.numbers[f.outline]
  }
  get lostRing(): number {
    return this.numbers[f.lostRing]
  }
  get lostRefused(): number {
    return this.numbers[f.lostRefused]
  }
  get thinned(): number {
    return this.numbers[f.thinned]
  }
  get flags(): number {
    return this.numbers[f.flags]
  }
  get site(): number {
    return this.numbers[f.site]
  }

  /** The text of a byte range of `bytes`. */
  text(start: number, end: number): string {
    return utf8Text(this.bytes, start, end)
  }

  protected resetHeader(): void {
    this.numbers.fill(0)
    this.refStart = 0
    this.refEnd = 0
  }

  /** Takes in the session, page or ref in bytes [start, end); false when it is not valid. */
  protected readHeaderContent(type: number, start: number, end: number): boolean {
    if (type === types.session) {
      this.sessionStart = start
      return end - start === limits.sessionBytes
    }
    if (type === types.page) {
      this.pageStart = start
      this.pageEnd = end
      return start < end && this.bytes[start] === slash && isUtf8(this.bytes, start, end)
    }
    this.refStart = start
    this.refEnd = end
    return isUtf8(this.bytes, start, end)
  }
}
