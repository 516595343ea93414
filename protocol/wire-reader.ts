/** Protobuf's wire types; groups (3, 4) and 6, 7 are never valid here. */
export const wire = { varint: 0, eightBytes: 1, lengthDelimited: 2, fourBytes: 5 } as const

const lengthBytesMax = 3
const unknownVarintBytesMax = 10

/**
 * Protobuf's primitives over a byte array, each checked against the `end` that the caller is in before it is read.
 * Readers return −1 for "not valid" and never throw, allocate, or look beyond `end`.
 */
export class WireReader {
  bytes: Uint8Array = new Uint8Array(0)
  /** Bytes of skipped fields of later versions, without their tags. */
  unknownBytes = 0
  protected pos = 0

  /** A tag of one or two bytes (field number × 8 + wire type); needs pos < end. */
  protected readTag(end: number): number {
    const low = this.bytes[this.pos++]
    if (low < 0x80) return low
    if (this.pos === end) return -1
    const high = this.bytes[this.pos++]
    return high < 0x80 ? (low & 0x7f) | (high << 7) : -1
  }

  /** An unsigned varint of at most `bytesMax` bytes. Exact up to 2^53 − 1; what is larger stays larger. */
  protected readVarint(end: number, bytesMax: number): number {
    const bytes = this.bytes
    const limit = Math.min(end, this.pos + bytesMax)
    let value = 0
    let factor = 1
    for (let pos = this.pos; pos < limit; factor *= 128) {
      const byte = bytes[pos++]
      value += (byte & 0x7f) * factor
      if (byte < 0x80) {
        this.pos = pos
        return value
      }
    }
    return -1
  }

  /** A length; returns where the content ends. */
  protected readLength(end: number): number {
    const length = this.readVarint(end, lengthBytesMax)
    const last = this.pos + length
    return length < 0 || last > end ? -1 : last
  }

  /** Four bytes, little endian, unsigned. */
  protected readFixed32(end: number): number {
    const { bytes, pos } = this
    if (pos + 4 > end) return -1
    this.pos = pos + 4
    return (bytes[pos] | (bytes[pos + 1] << 8) | (bytes[pos + 2] << 16) | (bytes[pos + 3] << 24)) >>> 0
  }

  /** Steps over a field that is not known, whatever it holds; false when it does not end within `end`. */
  protected skip(wireType: number, end: number): boolean {
    const start = this.pos
    if (wireType === wire.varint) {
      if (this.readVarint(end, unknownVarintBytesMax) < 0) return false
    } else if (wireType === wire.lengthDelimited) {
      const last = this.readLength(end)
      if (last < 0) return false
      this.pos = last
    } else if (wireType === wire.fourBytes) this.pos += 4
    else if (wireType === wire.eightBytes) this.pos += 8
    else return false
    this.unknownBytes += this.pos - start
    return this.pos <= end
  }
}

/** Protobuf's zigzag code of signed numbers: 0, −1, 1, −2 … stand as 0, 1, 2, 3 … */
export function fromZigzag(coded: number): number {
  return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2
}
