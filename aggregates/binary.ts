/**
 * Byte writer and reader for deltas, blobs and private parts.
 *
 * Integers are unsigned LEB128 varints up to 2^53 - 1, signed ones zigzag before that; strings are UTF-8 with their
 * byte length in front; doubles and u32 are little-endian.
 */
const twoTo28 = 2 ** 28
const utf8 = new TextEncoder()

/** Grows as needed and is meant to be reused: `reset()` keeps the memory. */
export class ByteWriter {
  #bytes: Uint8Array
  #view: DataView
  #at = 0

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

  get length(): number {
    return this.#at
  }

  reset(): void {
    this.#at = 0
  }

  u8(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#at++] = value
  }

  u32(value: number): void {
    this.#reserve(4)
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
  }

  f64(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.#at, value, true)
    this.#at += 8
  }

  /** An integer from 0 to 2^53 - 1. Throws RangeError for anything else: a wrong count must not be written. */
  varint(value: number): void {
    this.#reserve(8)
    if (value >= 0 && value < 128) {
      this.#bytes[this.#at++] = value
      return
    }
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER))
      throw new RangeError(`not an unsigned integer: ${value}`)
    let rest = value
    while (rest >= twoTo28) {
      this.#bytes[this.#at++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    while (rest > 127) {
      this.#bytes[this.#at++] = (rest & 127) | 128
      rest >>>= 7
    }
    this.#bytes[this.#at++] = rest
  }

  /** An integer between -2^52 and 2^52. */
  zigzag(value: number): void {
    this.varint(value < 0 ? -value * 2 - 1 : value * 2)
  }

  string(text: string): void {
    // UTF-8 needs at most three bytes per UTF-16 unit; the length is written once it is known.
    const bytesMax = text.length * 3
    this.#reserve(bytesMax + 8)
    if (bytesMax < 128) {
      const written = utf8.encodeInto(text, this.#bytes.subarray(this.#at + 1)).written
      this.#bytes[this.#at] = written
      this.#at += 1 + written
      return
    }
    this.bytes(utf8.encode(text))
  }

  /** Length, then the bytes. */
  bytes(bytes: Uint8Array, start = 0, end = bytes.length): void {
    this.varint(end - start)
    this.raw(bytes, start, end)
  }

  /** The bytes without their length. */
  raw(bytes: Uint8Array, start = 0, end = bytes.length): void {
    this.#reserve(end - start)
    this.#bytes.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), this.#at)
    this.#at += end - start
  }

  /** What was written, as a view that the next write may change. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  /** A copy of what was written; the writer is reset. */
  take(): Uint8Array {
    const copy = this.#bytes.slice(0, this.#at)
    this.#at = 0
    return copy
  }

  #reserve(count: number): void {
    const needed = this.#at + count
    if (needed <= this.#bytes.length) return
    const bytes = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    bytes.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }
}

/** Reads what ByteWriter wrote. Every read checks bounds and throws RangeError with the offset. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #buffer: Buffer | null = null
  #at: number
  #end: number

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    if (start < 0 || end > bytes.length || start > end)
      throw new RangeError(`range ${start}..${end} of ${bytes.length}`)
    this.#bytes = bytes
    this.#at = start
    this.#end = end
  }

  /** Position in the underlying bytes. */
  get offset(): number {
    return this.#at
  }

  get atEnd(): boolean {
    return this.#at >= this.#end
  }

  u8(): number {
    this.#need(1)
    return this.#bytes[this.#at++]
  }

  u32(): number {
    this.#need(4)
    const bytes = this.#bytes
    const at = this.#at
    this.#at = at + 4
    return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0
  }

  f64(): number {
    this.#need(8)
    const bytes = this.#bytes
    const value = new DataView(bytes.buffer, bytes.byteOffset + this.#at, 8).getFloat64(0, true)
    this.#at += 8
    return value
  }

  varint(): number {
    const bytes = this.#bytes
    let at = this.#at
    if (at < this.#end && bytes[at] < 128) {
      this.#at = at + 1
      return bytes[at]
    }
    let value = 0
    // Four bytes fit into bit operations; beyond that multiply, since << works on 32 bits only.
    for (let shift = 0; shift < 28; shift += 7) {
      if (at >= this.#end) throw this.#cut(1)
      const byte = bytes[at++]
      value |= (byte & 127) << shift
      if (byte < 128) {
        this.#at = at
        return value
      }
    }
    let scale = twoTo28
    for (;;) {
      if (at >= this.#end) throw this.#cut(1)
      const byte = bytes[at++]
      value += (byte & 127) * scale
      if (value > Number.MAX_SAFE_INTEGER) throw new RangeError(`integer above 2^53 at offset ${this.#at}`)
      if (byte < 128) {
        this.#at = at
        return value
      }
      scale *= 128
    }
  }

  zigzag(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** A count that precedes that many elements of at least `bytesEach`: refused when they can't be there. */
  count(bytesEach = 1): number {
    const at = this.#at
    const count = this.varint()
    if (count * bytesEach > this.#end - this.#at)
      throw new RangeError(`count ${count} beyond the end, at offset ${at}`)
    return count
  }

  string(): string {
    const length = this.count()
    this.#buffer ??= Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length)
    const start = this.#at
    this.#at = start + length
    return this.#buffer.toString('utf8', start, this.#at)
  }

  /** Length and bytes; the result is a view. */
  bytes(): Uint8Array {
    return this.raw(this.count())
  }

  /** The next `length` bytes, as a view. */
  raw(length: number): Uint8Array {
    this.#need(length)
    const start = this.#at
    this.#at = start + length
    return this.#bytes.subarray(start, this.#at)
  }

  /** A reader for a part with its length in front; this reader goes on behind it. */
  part(): ByteReader {
    const length = this.count()
    const start = this.#at
    this.#at = start + length
    return new ByteReader(this.#bytes, start, this.#at)
  }

  #need(count: number): void {
    if (this.#at + count > this.#end) throw this.#cut(count)
  }

  #cut(count: number): RangeError {
    return new RangeError(`${count} more bytes wanted at offset ${this.#at}, the end is at ${this.#end}`)
  }
}
