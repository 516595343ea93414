import { crc32 } from 'node:zlib'

/**
 * Records of the log packed one after another into one buffer, as they travel between the main thread and the
 * database's thread. Per record, little endian: u32 partition, u32 bytes of key, u32 bytes of value, f64 timestamp in
 * ms, f64 offset (0 until the database has given one), key, value. The checksum of a row covers exactly these bytes.
 */
const keyLengthAt = 4
const valueLengthAt = 8
const timestampAt = 12
const offsetAt = 20
const headerBytes = 28

/** Bytes that a record takes in a packed buffer. */
export function packedBytes(keyLength: number, valueLength: number): number {
  return headerBytes + keyLength + valueLength
}

/** Fills one buffer with records. */
export class RecordPacker {
  readonly buffer: ArrayBuffer
  /** Bytes in use. */
  length = 0
  private readonly bytes: Uint8Array
  private readonly view: DataView

  constructor(buffer: ArrayBuffer) {
    this.buffer = buffer
    this.bytes = new Uint8Array(buffer)
    this.view = new DataView(buffer)
  }

  /** Whether a record of these lengths still fits. */
  fits(keyLength: number, valueLength: number): boolean {
    return this.length + packedBytes(keyLength, valueLength) <= this.buffer.byteLength
  }

  /** Copies one record to the end; it must fit. */
  add(partition: number, offset: number, timestampMs: number, key: Uint8Array, value: Uint8Array): void {
    const start = this.length
    this.view.setUint32(start, partition, true)
    this.view.setUint32(start + keyLengthAt, key.length, true)
    this.view.setUint32(start + valueLengthAt, value.length, true)
    this.view.setFloat64(start + timestampAt, timestampMs, true)
    this.view.setFloat64(start + offsetAt, offset, true)
    this.bytes.set(key, start + headerBytes)
    this.bytes.set(value, start + headerBytes + key.length)
    this.length = start + headerBytes + key.length + value.length
  }
}

/** Walks over packed records; the fields are those of the record that `next` moved to. */
export class PackedCursor {
  partition = 0
  timestampMs = 0
  offset = 0
  private keyStart = 0
  private valueStart = 0
  private start = 0
  private end = 0
  private readonly bytes: Uint8Array
  private readonly view: DataView
  private readonly length: number

  constructor(buffer: ArrayBuffer, length: number) {
    this.bytes = new Uint8Array(buffer, 0, length)
    this.view = new DataView(buffer, 0, length)
    this.length = length
  }

  /** Moves to the next record; false behind the last one. */
  next(): boolean {
    const start = this.end
    if (start >= this.length) return false
    this.start = start
    this.partition = this.view.getUint32(start, true)
    this.timestampMs = this.view.getFloat64(start + timestampAt, true)
    this.offset = this.view.getFloat64(start + offsetAt, true)
    this.keyStart = start + headerBytes
    this.valueStart = this.keyStart + this.view.getUint32(start + keyLengthAt, true)
    this.end = this.valueStart + this.view.getUint32(start + valueLengthAt, true)
    return true
  }

  /** View of the key, valid as long as the buffer. */
  key(): Uint8Array {
    return this.bytes.subarray(this.keyStart, this.valueStart)
  }

  /** View of the value, valid as long as the buffer. */
  value(): Uint8Array {
    return this.bytes.subarray(this.valueStart, this.end)
  }

  /** Writes the offset that the record was given. */
  setOffset(offset: number): void {
    this.offset = offset
    this.view.setFloat64(this.start + offsetAt, offset, true)
  }

  /** CRC32 over the whole record, its offset included. */
  checksum(): number {
    return crc32(this.bytes.subarray(this.start, this.end))
  }
}

const header = Buffer.alloc(headerBytes)

/** The checksum that PackedCursor gives for the same record, from its parts. */
export function recordChecksum(
  partition: number,
  offset: number,
  timestampMs: number,
  key: Uint8Array,
  value: Uint8Array,
): number {
  header.writeUInt32LE(partition, 0)
  header.writeUInt32LE(key.length, keyLengthAt)
  header.writeUInt32LE(value.length, valueLengthAt)
  header.writeDoubleLE(timestampMs, timestampAt)
  header.writeDoubleLE(offset, offsetAt)
  return crc32(value, crc32(key, crc32(header)))
}
