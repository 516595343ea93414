import { crc32 } from 'node:zlib'
import { DamageError } from '../damage-error.ts'
import type { Blob, StoredCommit } from './live-store.ts'

/*
 * A stored blob: u8 version, f64 upto, u32 CRC32 (of upto and bytes), then the bytes. An entry of the log: see
 * lua/commit-1.lua and lua/claim-1.lua.
 */

const blobVersion = 1
const uptoAt = 1
const crcAt = 9
const bytesAt = 13
const fieldPrefix = 'b'
const nothing = Buffer.alloc(0)

/** An entry of a partition's log, with what only the store itself needs. */
export interface LogEntry extends StoredCommit {
  /** Its id in the stream. */
  id: string
  isClaim: boolean
  incarnation: string
}

/** Checksum of a commit's two parts. */
export function commitCrc(publicDelta: Uint8Array, privatePart: Uint8Array): number {
  return crc32(privatePart, crc32(publicDelta))
}

/** One entry as XRANGE and XREAD give it: id, then names and values in turn. `log` names the key if it is damaged. */
export function readEntry(log: string, [id, fields]: [Buffer, Buffer[]]): LogEntry {
  const text = id.toString('latin1')
  const [next, epoch] = text.split('-').map(Number)
  const entry: LogEntry = {
    id: text,
    epoch,
    first: next,
    next,
    publicDelta: nothing,
    privatePart: nothing,
    isClaim: false,
    incarnation: '',
  }
  let crc: number | null = null
  for (let i = 0; i < fields.length; i += 2) {
    const value = fields[i + 1]
    const name = fields[i].toString('latin1')
    if (name === 'k') entry.isClaim = true
    else if (name === 'f') entry.first = Number(value)
    else if (name === 'd') entry.publicDelta = value
    else if (name === 'x') entry.privatePart = value
    else if (name === 'c') crc = Number(value)
    else if (name === 'i') entry.incarnation = value.toString('latin1')
  }
  if (!entry.isClaim && crc !== commitCrc(entry.publicDelta, entry.privatePart)) {
    throw new DamageError(log, `commit that ends at ${next}`)
  }
  return entry
}

/** What of an entry leaves the store. */
export function commitOfEntry({ epoch, first, next, publicDelta, privatePart }: LogEntry): StoredCommit {
  return { epoch, first, next, publicDelta, privatePart }
}

/**
 * Whether an entry continues the chain that ends at a cursor: the same owner's next commit, or a new owner's claim. The
 * claim that created a state continues nothing, wherever it stands: what was before it is lost.
 */
export function continues(cursor: { next: number; epoch: number }, entry: LogEntry): boolean {
  if (entry.first !== cursor.next) return false
  if (!entry.isClaim) return entry.epoch === cursor.epoch
  return entry.epoch > cursor.epoch && entry.incarnation !== String(entry.epoch)
}

/** Name in the bucket's hash: never that of the mark. */
export function storedField(field: string): string {
  return fieldPrefix + field
}

export function encodeBlob(upto: number, bytes: Uint8Array): Buffer {
  const stored = Buffer.allocUnsafe(bytesAt + bytes.length)
  stored[0] = blobVersion
  stored.writeDoubleBE(upto, uptoAt)
  stored.set(bytes, bytesAt)
  stored.writeUInt32BE(blobCrc(stored), crcAt)
  return stored
}

/** @throws DamageError when it isn't what encodeBlob made. */
export function decodeBlob(
  key: string,
  bucket: string,
  name: Buffer,
  stored: Buffer,
  expireAtMs: number | null,
): Blob {
  const field = name.toString().slice(fieldPrefix.length)
  const whole =
    stored.length >= bytesAt && stored[0] === blobVersion && stored.readUInt32BE(crcAt) === blobCrc(stored)
  if (!whole) throw new DamageError(key, `field ${field}`)
  return { bucket, field, upto: stored.readDoubleBE(uptoAt), bytes: stored.subarray(bytesAt), expireAtMs }
}

function blobCrc(stored: Buffer): number {
  return crc32(stored.subarray(bytesAt), crc32(stored.subarray(uptoAt, crcAt)))
}

/** A view as the Redis client takes it; no copy. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
