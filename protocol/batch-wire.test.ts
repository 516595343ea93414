import { describe, expect, it } from 'vitest'
import { BatchDecoder } from './batch-decoder.ts'
import * as f from './batch-field-numbers.ts'
import { valuesOf } from './batch-oracle.ts'
import type { Refusal } from './errors.ts'
import { paddedTo, validBatch } from './hostile-batches.ts'
import { limits } from './limits.ts'
import {
  assemble,
  bytesField,
  fixedField,
  messageField,
  numberField,
  rawField,
  replaced,
  textField,
  type RawField,
  utf8Bytes,
  validClick,
  validFields,
  validMark,
  varint,
  without,
} from './raw-batch.ts'
import { wire } from './wire-reader.ts'

/** Admission of a batch as protobuf: size, tags, types, lengths, varints, fields of other versions. */
const decoder = new BatchDecoder()

function read(fields: readonly RawField[]): Refusal | null {
  return decoder.read(assemble(fields))
}

/** The valid batch with these fields in place of its own. */
function withFields(...fields: RawField[]): Refusal | null {
  return read(replaced(validFields(), ...fields))
}

function withClick(...fields: RawField[]): Refusal | null {
  return withFields(messageField(f.click, replaced(validClick(), ...fields)))
}

function withMark(...fields: RawField[]): Refusal | null {
  return withFields(messageField(f.mark, replaced(validMark(), ...fields)))
}

const repeated = (count: number, value: number) => new Array<number>(count).fill(value)

describe('size and wire', () => {
  it('[B1] admits exactly the smallest and the largest size', () => {
    const small = [bytesField(f.session, repeated(16, 1)), numberField(f.seq, 1), textField(f.page, '/')]
    const missing = limits.batchBytesMin - assemble(small).length - 2
    expect(read([...small, bytesField(39 - 10, repeated(missing - 1, 0))])).toBeNull()
    expect(decoder.bytes.length).toBe(limits.batchBytesMin)
    expect(read([...small, bytesField(39 - 10, repeated(missing - 2, 0))])).toBe('malformed')
    expect(decoder.read(paddedTo(limits.batchBytesMax))).toBeNull()
    expect(decoder.read(paddedTo(limits.batchBytesMax + 1))).toBe('too-large')
    expect(decoder.read(new Uint8Array(limits.batchBytesMax + 1))).toBe('too-large')
  })

  it('[B2] reads fields in any order', () => {
    expect(read(validFields())).toBeNull()
    const expected = valuesOf(decoder)
    expect(read(validFields().reverse())).toBeNull()
    expect(valuesOf(decoder)).toEqual(expected)
  })

  it('[B2] refuses every group and unknown wire type, known field or not', () => {
    for (const wireType of [3, 4, 6, 7]) {
      for (const field of [f.seq, f.moveDt, f.click, 21, 29, 39]) {
        expect(read([...without(validFields(), field), rawField(field, wireType, [0])])).toBe('malformed')
      }
    }
  })

  it('[B2] refuses field numbers above 63 and number 0', () => {
    for (const field of [0, 64, 100, 2_047, 2_048, 100_000]) {
      expect(read([...validFields(), numberField(field, 1)])).toBe('malformed')
    }
  })

  it('[B3] refuses each known field when it comes twice, clicks and marks apart', () => {
    for (const field of validFields()) {
      const again = read([...validFields(), field])
      const repeatable = field.field === f.click || field.field === f.mark
      // One more click or mark makes more events than n says; with n raised it is valid.
      expect(again).toBe('malformed')
      expect(read([...replaced(validFields(), numberField(f.n, 8)), field])).toBe(
        field.field === f.n ? 'malformed' : repeatable ? null : 'malformed',
      )
    }
  })

  it('[B3] refuses each known field with any wire type but its own', () => {
    for (const { field, bytes } of validFields()) {
      const own = (field * 8 > 127 ? bytes[0] & 7 : bytes[0]) & 7
      for (const wireType of [0, 1, 2, 5].filter((other) => other !== own)) {
        const payload =
          wireType === wire.lengthDelimited
            ? [1, 1]
            : repeated(wireType === 0 ? 1 : wireType === 1 ? 8 : 4, 1)
        expect(withFields(rawField(field, wireType, payload)), `field ${field}, wire type ${wireType}`).toBe(
          'malformed',
        )
      }
    }
  })

  it('[B3] refuses fields that come twice inside clicks and marks', () => {
    for (const field of validClick()) {
      expect(withFields(messageField(f.click, [...validClick(), field]))).toBe('malformed')
    }
    for (const field of validMark()) {
      expect(withFields(messageField(f.mark, [...validMark(), field]))).toBe('malformed')
    }
  })

  it('[B3] takes absent fields for 0 or empty', () => {
    const needed = [f.session, f.seq, f.page, f.site]
    const bare = validFields().filter(({ field }) => needed.includes(field))
    expect(read([...bare, bytesField(29, repeated(10, 0))])).toBeNull()
    expect(valuesOf(decoder)).toMatchObject({
      lane: 0,
      n: 0,
      t0: 0,
      clockOff: 0,
      ref: '',
      outline: 0,
      moveDt: [],
      clicks: [],
      marks: [],
    })
    expect(
      read([...bare, numberField(f.n, 1), messageField(f.click, []), bytesField(29, repeated(10, 0))]),
    ).toBeNull()
    expect(valuesOf(decoder).clicks).toEqual([{ dt: 0, x: 0, y: 0, button: 0, target: '', ex: 0, ey: 0 }])
  })

  it('[B4] refuses a batch cut at any place inside a field', () => {
    const bytes = validBatch()
    let fieldStart = 0
    for (const field of validFields()) {
      const fieldEnd = fieldStart + field.bytes.length
      for (let end = fieldStart + 1; end < fieldEnd; end++) {
        expect(decoder.read(bytes, 0, end), `cut at ${end}`).toBe('malformed')
        expect(decoder.read(bytes.slice(0, end)), `cut at ${end}`).toBe('malformed')
      }
      fieldStart = fieldEnd
    }
  })

  it('[B4] refuses a string inside a click or mark that is one byte longer than it', () => {
    // The byte behind it is the tag of the page, an ASCII character.
    const click = [...varint(f.clickTarget * 8 + wire.lengthDelimited), 3, 0x61, 0x62]
    const mark = [f.markKind * 8, 4, f.markValue * 8 + wire.lengthDelimited, 2, 0x68]
    expect(withFields(bytesField(f.click, click), textField(f.page, '/ab'))).toBe('malformed')
    expect(withFields(bytesField(f.mark, mark), textField(f.page, '/ab'))).toBe('malformed')
  })

  it('[B4] refuses lengths of more than three bytes', () => {
    const page = utf8Bytes('/a')
    expect(withFields(rawField(f.page, wire.lengthDelimited, [...varint(2, 3), ...page]))).toBeNull()
    expect(withFields(rawField(f.page, wire.lengthDelimited, [...varint(2, 4), ...page]))).toBe('malformed')
  })

  it('[B5] bounds numbers in bytes and value', () => {
    expect(withFields(rawField(f.seq, wire.varint, varint(3, 5)))).toBeNull()
    expect(withFields(rawField(f.seq, wire.varint, varint(3, 6)))).toBe('malformed')
    expect(withFields(numberField(f.pv, 2 ** 32 - 1))).toBeNull()
    expect(decoder.pv).toBe(2 ** 32 - 1)
    expect(withFields(numberField(f.pv, 2 ** 32))).toBe('malformed')
    expect(withFields(rawField(f.t0, wire.varint, varint(5, 8)))).toBeNull()
    expect(withFields(rawField(f.t0, wire.varint, varint(5, 9)))).toBe('malformed')
    expect(withFields(numberField(f.t0, Number.MAX_SAFE_INTEGER))).toBeNull()
    expect(decoder.t0).toBe(Number.MAX_SAFE_INTEGER)
    expect(withFields(numberField(f.t0, 2n ** 53n))).toBe('malformed')
  })

  it('[B5] bounds the bytes of a column’s elements', () => {
    const column = (bytes: number) => withFields(bytesField(f.moveDt, [1, ...varint(2, bytes), 3]))
    expect(column(3)).toBeNull()
    expect(valuesOf(decoder).moveDt).toEqual([1, 3, 6])
    expect(column(4)).toBe('malformed')
  })

  it('[B6] skips fields of later versions and reports their bytes', () => {
    const later = [21, ...Array.from({ length: 11 }, (_, i) => 29 + i)]
    for (const field of later) {
      const fields = [
        numberField(field, 2n ** 64n - 1n),
        rawField(field, wire.eightBytes, repeated(8, 0xff)),
        bytesField(field, repeated(300, 0xff)),
        fixedField(field, 5),
      ]
      expect(read([...fields, ...validFields(), ...fields])).toBeNull()
      expect(decoder.unknownBytes).toBe(2 * (10 + 8 + 302 + 4))
    }
    expect(read(validFields())).toBeNull()
    expect(decoder.unknownBytes).toBe(0)
  })

  it('[B6] skips later fields of clicks and marks up to 15', () => {
    expect(withClick(numberField(8, 1), bytesField(15, [1, 2]))).toBeNull()
    expect(decoder.unknownBytes).toBe(1 + 3)
    expect(withClick(numberField(16, 1))).toBe('malformed')
    expect(withMark(numberField(4, 1), fixedField(15, 1))).toBeNull()
    expect(withMark(numberField(16, 1))).toBe('malformed')
    expect(withMark(rawField(4, 3, []))).toBe('malformed')
  })

  it('[B6] refuses a later field that does not end in time', () => {
    expect(read([...validFields(), rawField(30, wire.varint, repeated(11, 0xff))])).toBe('malformed')
    expect(read([...validFields(), rawField(30, wire.varint, [0x80])])).toBe('malformed')
    expect(read([...validFields(), rawField(30, wire.eightBytes, repeated(7, 0))])).toBe('malformed')
    expect(read([...validFields(), rawField(30, wire.fourBytes, repeated(3, 0))])).toBe('malformed')
    expect(withClick(rawField(9, wire.fourBytes, repeated(3, 0)))).toBe('malformed')
  })

  it('[B7] refuses each field of the server side', () => {
    for (let field = 40; field <= 63; field++)
      expect(read([...validFields(), numberField(field, 1)])).toBe('server-field')
  })
})
