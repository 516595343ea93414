import { crc32c } from '@platformatic/kafka'

/**
 * One record batch of Kafka's format 2, built in place: each record is encoded when it is added, so that neither the
 * caller's buffers nor an object per record stay alive while the batch waits.
 */

/** Called once: with the record's offset (-1 when it isn't known), or with an error when durability can't be said. */
export type Settle = (error: Error | null, offset: number) => void

/** Name and bytes of a record's header. */
export type RecordHeader = readonly [name: string, value: Uint8Array]

/** Who writes, as the broker numbers it: the key to recognising a batch that arrives twice. */
export interface ProducerId {
  id: bigint
  epoch: number
}

const headerBytes = 61
const attributesAt = 21
const crcAt = 17
const firstCapacityBytes = 16_384
const noHeaders: readonly RecordHeader[] = []

export class RecordBatch {
  /** Settle callbacks in the order of the records. */
  settles: Settle[] = []
  /** Bytes of all keys and values. */
  keyAndValueBytes = 0
  /** When its first record was added, on the clock of the caller. */
  openedAtMs = 0
  /** Producer and sequence with which it was sealed; null while records can still be added. */
  sealed: { producer: ProducerId; sequence: number } | null = null
  /** What went wrong with the last attempt to write it. */
  lastError: unknown = null
  private buffer: Buffer = Buffer.allocUnsafeSlow(firstCapacityBytes)
  private length = headerBytes
  private baseTimestampMs = 0
  private maxTimestampMs = 0

  get count(): number {
    return this.settles.length
  }

  /** Encoded bytes so far. */
  get bytes(): number {
    return this.length
  }

  /** Bytes of memory it holds. */
  get capacityBytes(): number {
    return this.buffer.length
  }

  /** Adds a record. `nowMs` is kept for the first one. */
  add(
    key: Uint8Array,
    value: Uint8Array,
    timestampMs: number,
    nowMs: number,
    settle: Settle,
    headers: readonly RecordHeader[] = noHeaders,
  ): void {
    if (this.sealed !== null) throw new Error('the batch is sealed')
    if (this.count === 0) this.begin(timestampMs, nowMs)
    if (timestampMs > this.maxTimestampMs) this.maxTimestampMs = timestampMs
    const timestampDelta = timestampMs - this.baseTimestampMs
    const bodyBytes =
      1 + // attributes
      varintBytes(timestampDelta) +
      varintBytes(this.count) +
      varintBytes(key.length) +
      key.length +
      varintBytes(value.length) +
      value.length +
      recordHeadersBytes(headers)
    this.reserve(varintBytes(bodyBytes) + bodyBytes)
    this.writeVarint(bodyBytes)
    this.buffer[this.length++] = 0
    this.writeVarint(timestampDelta)
    this.writeVarint(this.count)
    this.writeBytes(key)
    this.writeBytes(value)
    this.writeVarint(headers.length)
    for (const [name, headerValue] of headers) {
      this.writeBytes(Buffer.from(name))
      this.writeBytes(headerValue)
    }
    this.keyAndValueBytes += key.length + value.length
    this.settles.push(settle)
  }

  /** Closes the batch for good: from now on every attempt sends the same bytes with the same sequence. */
  seal(producer: ProducerId, sequence: number): void {
    const { buffer } = this
    buffer.writeBigInt64BE(0n, 0) // base offset: given by the broker
    buffer.writeInt32BE(this.length - 12, 8) // length of what follows
    buffer.writeInt32BE(-1, 12) // partition leader epoch: set by the broker
    buffer.writeInt8(2, 16) // format
    buffer.writeInt16BE(0, attributesAt) // no compression, timestamps are the caller's, no transaction
    buffer.writeInt32BE(this.count - 1, 23) // last offset delta
    buffer.writeBigInt64BE(BigInt(this.baseTimestampMs), 27)
    buffer.writeBigInt64BE(BigInt(this.maxTimestampMs), 35)
    buffer.writeBigInt64BE(producer.id, 43)
    buffer.writeInt16BE(producer.epoch, 51)
    buffer.writeInt32BE(sequence, 53)
    buffer.writeInt32BE(this.count, 57)
    buffer.writeUInt32BE(crc32c(buffer.subarray(attributesAt, this.length)), crcAt)
    this.sealed = { producer, sequence }
  }

  /** The encoded batch; valid after seal() and until clear(). */
  encoded(): Buffer {
    return this.buffer.subarray(0, this.length)
  }

  /** Empties the batch so that its memory can be used again. */
  clear(): void {
    this.settles = []
    this.keyAndValueBytes = 0
    this.sealed = null
    this.lastError = null
    this.length = headerBytes
  }

  private begin(timestampMs: number, nowMs: number): void {
    this.openedAtMs = nowMs
    this.baseTimestampMs = timestampMs
    this.maxTimestampMs = timestampMs
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes
    if (needed <= this.buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2))
    this.buffer.copy(larger, 0, 0, this.length)
    this.buffer = larger
  }

  private writeBytes(bytes: Uint8Array): void {
    this.writeVarint(bytes.length)
    this.buffer.set(bytes, this.length)
    this.length += bytes.length
  }

  /** Zigzag, then seven bits a byte. Exact up to 2^52, which times in ms don't reach. */
  private writeVarint(value: number): void {
    const { buffer } = this
    let rest = zigzag(value)
    while (rest >= 0x8000_0000) {
      buffer[this.length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    while (rest >= 128) {
      buffer[this.length++] = (rest & 127) | 128
      rest >>>= 7
    }
    buffer[this.length++] = rest
  }
}

function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1
}

function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = zigzag(value); rest >= 128; rest = Math.floor(rest / 128)) bytes++
  return bytes
}

function recordHeadersBytes(headers: readonly RecordHeader[]): number {
  let bytes = varintBytes(headers.length)
  for (const [name, value] of headers) {
    const nameBytes = Buffer.byteLength(name)
    bytes += varintBytes(nameBytes) + nameBytes + varintBytes(value.length) + value.length
  }
  return bytes
}
