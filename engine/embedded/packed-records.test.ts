import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PackedCursor, packedBytes, RecordPacker, recordChecksum } from './packed-records.ts'

const record = fc.record({
  partition: fc.nat({ max: 4_294_967_295 }),
  offset: fc.maxSafeNat(),
  timestampMs: fc.maxSafeNat(),
  key: fc.uint8Array({ maxLength: 40 }),
  value: fc.uint8Array({ maxLength: 300 }),
})

test('what is packed is read back, with the same checksum from its parts', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 20 }), (records) => {
      const bytes = records.reduce((sum, one) => sum + packedBytes(one.key.length, one.value.length), 0)
      const packer = new RecordPacker(new ArrayBuffer(bytes))
      for (const one of records) {
        expect(packer.fits(one.key.length, one.value.length)).toBe(true)
        packer.add(one.partition, one.offset, one.timestampMs, one.key, one.value)
      }
      expect(packer.length).toBe(bytes)
      expect(packer.fits(0, 0)).toBe(false)
      const cursor = new PackedCursor(packer.buffer, packer.length)
      for (const { partition, offset, timestampMs, key, value } of records) {
        expect(cursor.next()).toBe(true)
        expect([cursor.partition, cursor.offset, cursor.timestampMs]).toEqual([
          partition,
          offset,
          timestampMs,
        ])
        expect([[...cursor.key()], [...cursor.value()]]).toEqual([[...key], [...value]])
        expect(cursor.checksum()).toBe(recordChecksum(partition, offset, timestampMs, key, value))
      }
      expect(cursor.next()).toBe(false)
    }),
  )
})

test('the checksum covers the offset, the time, and where the key ends', () => {
  const key = Uint8Array.of(1, 2)
  const value = Uint8Array.of(3)
  const whole = recordChecksum(1, 5, 9, key, value)
  expect(recordChecksum(2, 5, 9, key, value)).not.toBe(whole)
  expect(recordChecksum(1, 6, 9, key, value)).not.toBe(whole)
  expect(recordChecksum(1, 5, 8, key, value)).not.toBe(whole)
  expect(recordChecksum(1, 5, 9, Uint8Array.of(1), Uint8Array.of(2, 3))).not.toBe(whole)
})

test('setOffset is part of the checksum from then on', () => {
  const packer = new RecordPacker(new ArrayBuffer(100))
  packer.add(3, 0, 7, Uint8Array.of(1), Uint8Array.of(2))
  const cursor = new PackedCursor(packer.buffer, packer.length)
  cursor.next()
  cursor.setOffset(42)
  expect(cursor.checksum()).toBe(recordChecksum(3, 42, 7, Uint8Array.of(1), Uint8Array.of(2)))
})
