import { limits } from '@sightline/protocol/limits'
import type { AppendedChunk } from '../embedded/database-messages.ts'
import type { EmbeddedDatabase } from '../embedded/embedded-database.ts'
import { packedBytes, RecordPacker } from '../embedded/packed-records.ts'

type Settle = (error: Error | null, offset: number) => void

/** Bytes of one chunk of records, the unit that travels to the database's thread. */
const { chunkBytes, spareChunksMax } = limits
/** Chunks under way at a time: one being written, one waiting. More would only make smaller chunks. */
const chunksUnderWayMax = 2

/** Records of one chunk: the packed bytes, and per record its partition and who is to be told. */
class Chunk {
  readonly packer: RecordPacker
  readonly partitions: number[] = []
  readonly settles: Settle[] = []
  payloadBytes = 0

  constructor(buffer: ArrayBuffer) {
    this.packer = new RecordPacker(buffer)
  }
}

/**
 * Records on their way into the log: copied into a chunk when they are appended, sent once per turn of the event
 * loop at most, and settled when the transaction that holds them is durable.
 */
export class AppendQueue {
  /** Records and bytes that are not settled. */
  records = 0
  bytes = 0
  private readonly database: EmbeddedDatabase
  private readonly recordsMax: number
  private readonly bytesMax: number
  private filling: Chunk | null = null
  private readonly full: Chunk[] = []
  private underWay = 0
  private sending = false
  private sentAtMs = 0
  private readonly spareBuffers: ArrayBuffer[] = []
  private emptied: PromiseWithResolvers<void> | null = null

  constructor(database: EmbeddedDatabase, recordsMax: number, bytesMax: number) {
    this.database = database
    this.recordsMax = recordsMax
    this.bytesMax = bytesMax
  }

  /** As EventLog.append. */
  append(
    partition: number,
    key: Uint8Array,
    value: Uint8Array,
    timestampMs: number,
    settle: Settle,
  ): boolean {
    const payload = key.length + value.length
    if (this.records >= this.recordsMax || this.bytes + payload > this.bytesMax) return false
    const chunk = this.chunkFor(key.length, value.length)
    chunk.packer.add(partition, 0, timestampMs, key, value)
    chunk.partitions.push(partition)
    chunk.settles.push(settle)
    chunk.payloadBytes += payload
    this.records++
    this.bytes += payload
    if (!this.sending) this.scheduleSending()
    return true
  }

  /** Resolves when everything is settled. */
  whenEmpty(): Promise<void> {
    if (this.records === 0) return Promise.resolve()
    this.emptied ??= Promise.withResolvers()
    return this.emptied.promise
  }

  private chunkFor(keyLength: number, valueLength: number): Chunk {
    const chunk = this.filling
    if (chunk !== null) {
      if (chunk.packer.fits(keyLength, valueLength)) return chunk
      this.full.push(chunk)
    }
    const needed = packedBytes(keyLength, valueLength)
    const buffer =
      needed > chunkBytes ? new ArrayBuffer(needed) : (this.spareBuffers.pop() ?? new ArrayBuffer(chunkBytes))
    return (this.filling = new Chunk(buffer))
  }

  /**
   * A record that comes alone is sent at once; under load chunks keep a distance, because a transaction costs the same
   * for one record as for fifty.
   */
  private scheduleSending(): void {
    this.sending = true
    const waitMs = this.sentAtMs + limits.appendGapMs - performance.now()
    if (waitMs <= 0) setImmediate(this.sendWaiting)
    else setTimeout(this.sendWaiting, waitMs)
  }

  private readonly sendWaiting = (): void => {
    this.sending = false
    this.sentAtMs = performance.now()
    while (this.underWay < chunksUnderWayMax) {
      const chunk = this.full.shift() ?? this.filling
      if (chunk === null) return
      if (chunk === this.filling) this.filling = null
      this.underWay++
      const { buffer, length } = chunk.packer
      this.database.send('append', { buffer, length }, [buffer], (error, appended) =>
        this.settle(chunk, error, appended),
      )
    }
  }

  private settle(chunk: Chunk, error: Error | null, appended: AppendedChunk | null): void {
    this.underWay--
    if (!this.sending && (this.filling !== null || this.full.length > 0)) this.scheduleSending()
    this.records -= chunk.settles.length
    this.bytes -= chunk.payloadBytes
    if (appended === null) {
      for (const settle of chunk.settles) settle(error, -1)
    } else {
      const offsets = appended.firstOffsets
      for (let i = 0; i < chunk.settles.length; i++) chunk.settles[i](null, offsets[chunk.partitions[i]]++)
      const used = this.database.groups.appended(appended)
      if (!used) this.keepSpare(appended.buffer)
    }
    if (this.records === 0) {
      this.emptied?.resolve()
      this.emptied = null
    }
  }

  private keepSpare(buffer: ArrayBuffer): void {
    if (buffer.byteLength === chunkBytes && this.spareBuffers.length < spareChunksMax)
      this.spareBuffers.push(buffer)
  }
}
