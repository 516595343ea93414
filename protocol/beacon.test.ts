import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinBeacon, splitBeacon } from './beacon.ts'
import { limits } from './limits.ts'
import { varint } from './raw-batch.ts'

const batch = (length: number, byte = 1) => new Uint8Array(length).fill(byte)
const body = (...parts: (number[] | Uint8Array)[]) => new Uint8Array(parts.flatMap((part) => [...part]))
const smallest = limits.batchBytesMin

describe('beacons', () => {
  it('[D15] batches come out as they were put in', () => {
    const batches = fc.array(fc.uint8Array({ minLength: smallest, maxLength: 400 }), {
      minLength: 1,
      maxLength: 20,
    })
    fc.assert(
      fc.property(batches, (batches) => {
        const joined = joinBeacon(batches)
        expect(splitBeacon(joined)!.map(([start, end]) => joined.subarray(start, end))).toEqual(batches)
      }),
    )
  })

  it('[D15] lengths of one, two and three bytes', () => {
    for (const length of [smallest, 127, 128, limits.batchBytesMax - 1, limits.batchBytesMax]) {
      const joined = joinBeacon([batch(length), batch(smallest, 2)])
      const prefix = varint(length).length
      expect(joined.length).toBe(prefix + length + 1 + smallest)
      expect([...joined.subarray(0, prefix)]).toEqual(varint(length))
      expect(splitBeacon(joined)).toEqual([
        [prefix, prefix + length],
        [prefix + length + 1, joined.length],
      ])
    }
  })

  it('[D15] a length takes at most three bytes', () => {
    expect(splitBeacon(body(varint(smallest, 3), batch(smallest)))).toEqual([[3, 3 + smallest]])
    expect(splitBeacon(body(varint(smallest, 4), batch(smallest)))).toBeNull()
  })

  it('[D16] nothing is no beacon', () => {
    expect(splitBeacon(new Uint8Array(0))).toBeNull()
    expect(joinBeacon([])).toEqual(new Uint8Array(0))
  })

  it('[D16] a beacon cut anywhere is refused whole', () => {
    const joined = joinBeacon([batch(200), batch(smallest)])
    for (let end = 0; end < joined.length; end++) {
      // Cut behind the first batch it is a beacon of one: nobody can see that from the bytes.
      if (end !== 202) expect(splitBeacon(joined.subarray(0, end)), `cut at ${end}`).toBeNull()
    }
    expect(splitBeacon(joined.subarray(0, 202))).toEqual([[2, 202]])
  })

  it('[D16] lengths below the smallest batch are refused, larger ones left to the decoder', () => {
    expect(splitBeacon(joinBeacon([batch(smallest), batch(smallest - 1)]))).toBeNull()
    expect(splitBeacon(body([0], varint(smallest), batch(smallest)))).toBeNull()
    expect(splitBeacon(joinBeacon([batch(limits.batchBytesMax + 1)]))).not.toBeNull()
  })

  it('[D16] a length beyond the body is refused', () => {
    expect(splitBeacon(body(varint(2 ** 21 - 1), batch(100)))).toBeNull()
    expect(splitBeacon(body(varint(smallest + 1), batch(smallest)))).toBeNull()
  })

  it('[D16] any bytes have an answer: null, or ranges that fill the body in order', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        let pos = 0
        for (const [start, end] of splitBeacon(bytes) ?? []) {
          expect(start).toBeGreaterThan(pos)
          expect(start - pos).toBeLessThanOrEqual(3)
          expect(end - start).toBeGreaterThanOrEqual(smallest)
          pos = end
        }
        expect(pos === bytes.length || splitBeacon(bytes) === null).toBe(true)
      }),
    )
  })
})
