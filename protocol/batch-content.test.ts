import { describe, expect, it } from 'vitest'
import { BatchDecoder } from './batch-decoder.ts'
import * as f from './batch-field-numbers.ts'
import { valuesOf } from './batch-oracle.ts'
import type { Refusal } from './errors.ts'
import { limits } from './limits.ts'
import {
  assemble,
  bytesField,
  messageField,
  numberField,
  positionColumn,
  rawField,
  replaced,
  textField,
  timeColumn,
  type RawField,
  utf8Bytes,
  validClick,
  validFields,
  validMark,
  without,
  zigzag,
} from './raw-batch.ts'

/** Admission of what is inside the fields: strings, columns, clicks and marks. */
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

const ofLength = (length: number) => 'a'.repeat(length)
const path = (length: number) => '/'.padEnd(length, 'a')
const repeated = (count: number, value: number) => new Array<number>(count).fill(value)

describe('strings', () => {
  it('[B10] requires a page that is a path within the limit', () => {
    expect(read(without(validFields(), f.page))).toBe('malformed')
    expect(withFields(textField(f.page, ''))).toBe('malformed')
    expect(withFields(textField(f.page, '/'))).toBeNull()
    expect(withFields(textField(f.page, 'a/'))).toBe('malformed')
    expect(withFields(textField(f.page, path(limits.pageBytesMax)))).toBeNull()
    expect(withFields(textField(f.page, path(limits.pageBytesMax + 1)))).toBe('malformed')
  })

  it('[B10] bounds the referrer', () => {
    expect(withFields(textField(f.ref, ofLength(limits.refBytesMax)))).toBeNull()
    expect(withFields(textField(f.ref, ofLength(limits.refBytesMax + 1)))).toBe('malformed')
  })

  const valid = [
    '',
    'a',
    'ü',
    '€',
    '😀',
    '\u{10ffff}',
    '\u{ffff}',
    '\ud7ff',
    '\ue000',
    '\u0000',
    '\u007f',
    '\u0080',
    '\u07ff',
    '\u0800',
  ]
  const invalid = {
    'a lone continuation': [0x80],
    'a cut pair': [0xc3],
    'a wrong second byte': [0xc3, 0x28],
    'over-long in two': [0xc0, 0xaf],
    'over-long in two, highest': [0xc1, 0xbf],
    'over-long in three': [0xe0, 0x9f, 0xbf],
    'over-long in four': [0xf0, 0x8f, 0xbf, 0xbf],
    'the first surrogate': [0xed, 0xa0, 0x80],
    'the last surrogate': [0xed, 0xbf, 0xbf],
    'above U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
    'a lead that never was': [0xf5, 0x80, 0x80, 0x80],
    'a cut triple': [0xe2, 0x82],
    'a cut quadruple': [0xf0, 0x9f, 0x98],
    'a wrong third byte': [0xe2, 0x82, 0x41],
    'a wrong fourth byte': [0xf0, 0x9f, 0x98, 0xc0],
  }
  const strings: [string, (bytes: number[]) => Refusal | null][] = [
    ['page', (bytes) => withFields(bytesField(f.page, [0x2f, ...bytes]))],
    ['ref', (bytes) => withFields(bytesField(f.ref, bytes))],
    ['target', (bytes) => withClick(bytesField(f.clickTarget, bytes))],
    ['mark', (bytes) => withMark(bytesField(f.markValue, [0x2f, ...bytes]))],
  ]

  it.each(strings)('[B11] %s: takes what is UTF-8 and nothing else', (_name, admit) => {
    for (const text of valid) {
      expect(admit(utf8Bytes(text)), JSON.stringify(text)).toBeNull()
      expect(admit(utf8Bytes(`ab${text}cd`)), JSON.stringify(text)).toBeNull()
    }
    for (const [name, bytes] of Object.entries(invalid)) {
      expect(admit(bytes), name).toBe('malformed')
      expect(admit([0x61, ...bytes]), name).toBe('malformed')
      expect(admit([...bytes, 0x61]), name).toBe('malformed')
    }
  })

  it('[B11] a character cut by the end of its string is not completed by what follows', () => {
    const cut = bytesField(f.ref, [0xc3])
    expect(read([...without(validFields(), f.ref), cut, rawField(20, 2, [0x80])])).toBe('malformed')
  })

  it('gives text back as it was, a byte order mark too, from any kind of array', () => {
    const page = '/\ufeffö😀'
    const bytes = assemble(replaced(validFields(), textField(f.page, page), textField(f.ref, '\ufeffx')))
    for (const array of [bytes, Buffer.from(bytes)]) {
      expect(decoder.read(array)).toBeNull()
      expect(decoder.text(decoder.pageStart, decoder.pageEnd)).toBe(page)
      expect(decoder.text(decoder.refStart, decoder.refEnd)).toBe('\ufeffx')
    }
  })
})

describe('columns', () => {
  const moves = (dt: number[], dx: number[], dy: number[]) =>
    withFields(
      numberField(f.n, limits.batchEventsMax),
      timeColumn(f.moveDt, dt),
      positionColumn(f.moveDx, dx),
      positionColumn(f.moveDy, dy),
    )

  it('[B12] refuses an empty column', () => {
    for (const field of [f.moveDt, f.moveDx, f.moveDy, f.scrollDt, f.scrollDy]) {
      expect(withFields(bytesField(field, []))).toBe('malformed')
    }
    expect(withFields(bytesField(f.scrollDt, []), bytesField(f.scrollDy, []))).toBe('malformed')
  })

  it('[B12] refuses a column whose last byte does not end an element', () => {
    for (const field of [f.moveDt, f.moveDx, f.moveDy]) {
      expect(withFields(bytesField(field, [2, 2, 0x82]))).toBe('malformed')
      expect(withFields(bytesField(field, [2, 2, 2]))).toBeNull()
    }
  })

  it('[B12] admits as many elements as a batch may hold and no more', () => {
    const full = limits.batchEventsMax - 4 // the valid batch has 4 events beside its moves
    expect(moves(repeated(full, 0), repeated(full, 0), repeated(full, 0))).toBeNull()
    expect(decoder.moveCount).toBe(full)
    expect(moves(repeated(full + 1, 0), repeated(full + 1, 0), repeated(full + 1, 0))).toBe('malformed')
    const only = without(validFields(), f.scrollDt, f.scrollDy, f.click, f.mark)
    const column = (count: number) =>
      read(
        replaced(
          only,
          numberField(f.n, limits.batchEventsMax),
          timeColumn(f.moveDt, repeated(count, 0)),
          positionColumn(f.moveDx, repeated(count, 0)),
          positionColumn(f.moveDy, repeated(count, 0)),
        ),
      )
    expect(column(limits.batchEventsMax)).toBeNull()
    expect(decoder.moveCount).toBe(limits.batchEventsMax)
    expect(column(limits.batchEventsMax + 1)).toBe('malformed')
    expect(column(5_000)).toBe('malformed')
  })

  it('[B13] requires equal counts within a group', () => {
    expect(moves([1, 2, 3], [1, 1, 1], [1, 1, 1])).toBeNull()
    expect(moves([1, 2], [1, 1, 1], [1, 1, 1])).toBe('malformed')
    expect(moves([1, 2, 3], [1, 1], [1, 1, 1])).toBe('malformed')
    expect(moves([1, 2, 3], [1, 1, 1], [1, 1, 1, 1])).toBe('malformed')
    for (const field of [f.moveDt, f.moveDx, f.moveDy, f.scrollDt, f.scrollDy]) {
      expect(read(without(validFields(), field))).toBe('malformed')
    }
    expect(read(without(validFields(), f.moveDt, f.moveDx, f.moveDy))).toBeNull()
    expect(read(without(validFields(), f.scrollDt, f.scrollDy))).toBeNull()
  })

  it('[B14] keeps running positions on the page', () => {
    const max = limits.positionPxMax
    expect(moves([0, 0, 0], [0, max, -max], [max, -max, max])).toBeNull()
    expect(valuesOf(decoder)).toMatchObject({ moveX: [0, max, 0], moveY: [max, 0, max] })
    for (const path of [
      [-1, 1, 1],
      [0, -1, 1],
      [max, 1, -1],
      [5, max - 5, 1],
      [max, max, -max],
    ]) {
      expect(moves([0, 0, 0], path, [0, 0, 0]), String(path)).toBe('malformed')
      expect(moves([0, 0, 0], [0, 0, 0], path), String(path)).toBe('malformed')
    }
    expect(withFields(positionColumn(f.scrollDy, [max, -max]))).toBeNull()
    expect(withFields(positionColumn(f.scrollDy, [0, -1]))).toBe('malformed')
  })

  it('[B14] a position can’t leave the page so far that it comes back round', () => {
    const far = repeated(limits.batchEventsMax, 2 ** 20 - 1)
    expect(moves(repeated(far.length, 0), far, far)).toBe('malformed')
  })

  it('[B15] keeps running times within the span', () => {
    const span = limits.batchSpanMsMax
    expect(moves([span, 0, 0], [0, 0, 0], [0, 0, 0])).toBeNull()
    expect(moves([0, span - 1, 1], [0, 0, 0], [0, 0, 0])).toBeNull()
    expect(moves([0, span, 1], [0, 0, 0], [0, 0, 0])).toBe('malformed')
    expect(withFields(timeColumn(f.scrollDt, [0, span]))).toBeNull()
    expect(withFields(timeColumn(f.scrollDt, [1, span]))).toBe('malformed')
    expect(moves(repeated(1_020, 2 ** 21 - 1), repeated(1_020, 0), repeated(1_020, 0))).toBe('malformed')
  })
})

describe('clicks and marks', () => {
  it('[B16] bounds a click’s values', () => {
    const max = limits.positionPxMax
    expect(withClick(numberField(f.clickDt, limits.batchSpanMsMax))).toBeNull()
    expect(withClick(numberField(f.clickDt, limits.batchSpanMsMax + 1))).toBe('malformed')
    for (const field of [f.clickX, f.clickY]) {
      expect(withClick(numberField(field, zigzag(max)))).toBeNull()
      expect(withClick(numberField(field, zigzag(max + 1)))).toBe('malformed')
      expect(withClick(numberField(field, zigzag(-1)))).toBe('malformed')
      expect(withClick(numberField(field, 2 ** 32 - 1))).toBe('malformed')
    }
    expect(withClick(numberField(f.clickButton, 255))).toBeNull()
    expect(withClick(numberField(f.clickButton, 256))).toBe('malformed')
    for (const field of [f.clickEx, f.clickEy]) {
      expect(withClick(numberField(field, limits.elementFractionMax))).toBeNull()
      expect(withClick(numberField(field, limits.elementFractionMax + 1))).toBe('malformed')
    }
    expect(withClick(textField(f.clickTarget, ofLength(limits.targetBytesMax)))).toBeNull()
    expect(withClick(textField(f.clickTarget, ofLength(limits.targetBytesMax + 1)))).toBe('malformed')
  })

  it('[B17] bounds a mark’s values', () => {
    expect(withMark(numberField(f.markDt, limits.batchSpanMsMax))).toBeNull()
    expect(withMark(numberField(f.markDt, limits.batchSpanMsMax + 1))).toBe('malformed')
    expect(withMark(numberField(f.markKind, 0))).toBe('malformed')
    expect(withMark(numberField(f.markKind, 1))).toBeNull()
    expect(withMark(numberField(f.markKind, 255))).toBeNull()
    expect(withMark(numberField(f.markKind, 256))).toBe('malformed')
    expect(withMark(textField(f.markValue, path(limits.markValueBytesMax)))).toBeNull()
    expect(withMark(textField(f.markValue, path(limits.markValueBytesMax + 1)))).toBe('malformed')
  })

  it('[B17] takes only a path or nothing where a mark’s value is a path', () => {
    for (const kind of [3, 6, 7]) {
      const fields = (value: string) => [numberField(f.markKind, kind), textField(f.markValue, value)]
      expect(withMark(...fields(''))).toBeNull()
      expect(withMark(...fields('/a'))).toBeNull()
      expect(withMark(...fields('a'))).toBe('malformed')
      expect(withMark(...fields('a').reverse())).toBe('malformed')
    }
    expect(withMark(numberField(f.markKind, 4), textField(f.markValue, 'h'))).toBeNull()
  })

  it('[B18] bounds clicks and marks together', () => {
    const max = limits.batchClicksAndMarksMax
    const bare = replaced(without(validFields(), f.click, f.mark), numberField(f.n, limits.batchEventsMax))
    const filled = (clicks: number, marks: number) =>
      read([
        ...bare,
        ...Array.from({ length: clicks }, () => messageField(f.click, [])),
        ...Array.from({ length: marks }, () => messageField(f.mark, validMark())),
      ])
    for (const [clicks, marks] of [
      [max, 0],
      [0, max],
      [max / 2, max / 2],
      [1, max - 1],
    ]) {
      expect(filled(clicks, marks)).toBeNull()
      expect(filled(clicks + 1, marks)).toBe('malformed')
      expect(filled(clicks, marks + 1)).toBe('malformed')
    }
  })
})
