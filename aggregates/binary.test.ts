import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader, ByteWriter } from './binary.ts'

const unsigned = fc.oneof(
  fc.nat(300),
  fc.maxSafeNat(),
  fc.constantFrom(0, 127, 128, 2 ** 28 - 1, 2 ** 28, 2 ** 32, 2 ** 53 - 1),
)
const signed = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 2 ** 52 - 1, -(2 ** 52)))

test('what is written comes back', () => {
  const part = fc.record({
    u: unsigned,
    s: signed,
    text: fc.oneof(fc.string({ unit: 'binary', maxLength: 9 }), fc.constant('ü'.repeat(90))),
    word: fc.nat(0xffff_ffff),
    real: fc.double(),
    raw: fc.uint8Array({ maxLength: 20 }),
  })
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const out = new ByteWriter(1)
      for (const { u, s, text, word, real, raw } of parts) {
        out.varint(u)
        out.zigzag(s)
        out.string(text)
        out.u32(word)
        out.f64(real)
        out.bytes(raw)
        out.u8(word & 255)
      }
      const from = new ByteReader(out.view())
      for (const { u, s, text, word, real, raw } of parts) {
        expect(from.varint()).toBe(u)
        expect(from.zigzag()).toBe(s === 0 ? 0 : s)
        expect(from.string()).toBe(text.toWellFormed())
        expect(from.u32()).toBe(word)
        expect(from.f64()).toBe(real)
        expect([...from.bytes()]).toEqual([...raw])
        expect(from.u8()).toBe(word & 255)
      }
      expect(from.atEnd).toBe(true)
    }),
    { numRuns: 40 },
  )
})

test('cut bytes throw with the offset, wherever they are cut', () => {
  const out = new ByteWriter()
  out.varint(2 ** 40)
  out.string('a text')
  out.f64(1.5)
  const bytes = out.take()
  for (let end = 0; end < bytes.length; end++) {
    const from = new ByteReader(bytes.subarray(0, end))
    expect(() => {
      from.varint()
      from.string()
      from.f64()
    }).toThrow(/offset/)
  }
})

test('a number that is no count is not written', () => {
  for (const wrong of [-1, NaN, Infinity, 2 ** 53])
    expect(() => new ByteWriter().varint(wrong)).toThrow(RangeError)
})

test('a count beyond the end is refused before anything is made for it', () => {
  const out = new ByteWriter()
  out.varint(2 ** 50)
  expect(() => new ByteReader(out.view()).count()).toThrow(/beyond the end/)
})
