import { limits } from './limits.ts'

const lengthBytesMax = 3

/** Several batches as one body: each with its length, a varint, before it. */
export function joinBeacon(batches: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body: number[] = []
  for (const batch of batches) {
    let { length } = batch
    for (; length > 127; length >>= 7) body.push((length & 127) | 128)
    body.push(length, ...batch)
  }
  return new Uint8Array(body)
}

/**
 * Where the batches of a body lie, as [start, end), in order; null when the body is empty, cut off, or names a length
 * that no batch may have on the lower side. What is inside is not looked at, so larger ones are left to the decoder.
 */
export function splitBeacon(body: Uint8Array): [start: number, end: number][] | null {
  const ranges: [number, number][] = []
  let pos = 0
  while (pos < body.length) {
    let length = 0
    for (let i = 0; ; i++) {
      if (i === lengthBytesMax || pos === body.length) return null
      const byte = body[pos++]
      length |= (byte & 127) << (7 * i)
      if (byte < 128) break
    }
    const end = pos + length
    if (length < limits.batchBytesMin || end > body.length) return null
    ranges.push([pos, end])
    pos = end
  }
  return ranges.length === 0 ? null : ranges
}
