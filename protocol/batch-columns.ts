import { limits } from './limits.ts'

const elementsMax = limits.batchEventsMax
/** Bits that no valid position has: positionPxMax is one less than a power of two. */
const outsidePage = ~limits.positionPxMax

/**
 * Decodes a column of time deltas, bytes [start, end), into running ms. Returns the number of elements, −1 when the
 * column is empty, cut off, longer than a batch may be, beyond the span, or has an element of more than three bytes.
 */
export function readTimes(bytes: Uint8Array, start: number, end: number, into: Uint32Array): number {
  if (!endsAnElement(bytes, start, end)) return -1
  let count = 0
  // 1,024 elements of 21 bits can't overflow 32 bits; `| 0` says so to the compiler and saves its check.
  let time = 0
  for (let pos = start; pos < end; count++) {
    let delta = bytes[pos++]
    if (delta > 0x7f) {
      // The column's last byte ends an element, so an element's second and third byte are inside the column.
      delta = (delta & 0x7f) | (bytes[pos++] << 7)
      if (delta > 0x3fff) {
        const third = bytes[pos++]
        if (third > 0x7f) return -1
        delta = (delta & 0x3fff) | (third << 14)
      }
    }
    if (count === elementsMax) return -1
    time = (time + delta) | 0
    into[count] = time
  }
  // Times never fall, so the last one bounds them all.
  return time > limits.batchSpanMsMax ? -1 : count
}

/**
 * Decodes a column of position deltas, bytes [start, end), into running px. Returns the number of elements, −1 when
 * the column is empty, cut off, longer than a batch may be, leaves the page, or has an element of more than three bytes.
 */
export function readPositions(bytes: Uint8Array, start: number, end: number, into: Int32Array): number {
  if (!endsAnElement(bytes, start, end)) return -1
  let count = 0
  let position = 0
  let allBits = 0
  for (let pos = start; pos < end; count++) {
    let delta = bytes[pos++]
    if (delta > 0x7f) {
      delta = (delta & 0x7f) | (bytes[pos++] << 7)
      if (delta > 0x3fff) {
        const third = bytes[pos++]
        if (third > 0x7f) return -1
        delta = (delta & 0x3fff) | (third << 14)
      }
    }
    if (count === elementsMax) return -1
    position = (position + ((delta >>> 1) ^ -(delta & 1))) | 0
    allBits |= position
    into[count] = position
  }
  return (allBits & outsidePage) !== 0 ? -1 : count
}

function endsAnElement(bytes: Uint8Array, start: number, end: number): boolean {
  return start < end && bytes[end - 1] < 0x80
}
