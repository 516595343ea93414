const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
/** Absent in browsers. */
const nodeBuffer = (globalThis as { Buffer?: typeof Buffer }).Buffer

/**
 * Whether bytes [start, end) are valid UTF-8 as RFC 3629 defines it: no over-long forms, no surrogates, nothing above
 * U+10FFFF, nothing cut off. Allocates nothing; ASCII costs one loop.
 */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let pos = start
  while (pos < end && bytes[pos] < 0x80) pos++
  while (pos < end) {
    const length = sequenceLength(bytes, pos, end)
    if (length === 0) return false
    pos += length
  }
  return true
}

/** Bytes of the character that begins at `pos`; 0 when it is not valid or would cross `end`. */
function sequenceLength(bytes: Uint8Array, pos: number, end: number): number {
  const lead = bytes[pos]
  if (lead < 0x80) return 1
  if (lead < 0xc2 || lead > 0xf4) return 0
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  if (pos + length > end) return 0
  // The second byte's range is narrower after these four leads: it keeps out over-long forms, surrogates and > U+10FFFF.
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (bytes[pos + 1] < low || bytes[pos + 1] > high) return 0
  for (let i = 2; i < length; i++) if ((bytes[pos + i] & 0xc0) !== 0x80) return 0
  return length
}

/** The string that the valid UTF-8 bytes [start, end) stand for. */
export function utf8Text(bytes: Uint8Array, start: number, end: number): string {
  if (nodeBuffer === undefined) return decoder.decode(bytes.subarray(start, end))
  const buffer =
    bytes instanceof nodeBuffer ? bytes : nodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return buffer.toString('utf8', start, end)
}
