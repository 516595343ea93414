import * as f from './batch-field-numbers.ts'
import type { Refusal } from './errors.ts'
import { limits } from './limits.ts'
import {
  assemble,
  bytesField,
  fixedField,
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
  varint,
  without,
  zigzag,
} from './raw-batch.ts'
import { wire } from './wire-reader.ts'

/** A batch that must be refused, each for one fault; everything else in it is valid. */
export interface HostileBatch {
  name: string
  bytes: Uint8Array<ArrayBuffer>
  expected: Refusal
}

/** The valid batch that the hostile ones are made from; site 1. */
export function validBatch(): Uint8Array<ArrayBuffer> {
  return assemble(validFields())
}

const someEvents = limits.batchEventsMax + 1

/** Hand-made hostile batches for tests of everything that admits batches. */
export const hostileBatches: readonly HostileBatch[] = [
  // size
  hostile('no bytes at all', []),
  { name: 'a session and nothing else', bytes: assemble(validFields().slice(0, 1)), expected: 'malformed' },
  { name: 'one byte over the size limit', bytes: paddedTo(limits.batchBytesMax + 1), expected: 'too-large' },
  // the wire
  { name: 'cut in the last field', bytes: validBatch().slice(0, -1), expected: 'malformed' },
  { name: 'cut behind a tag', bytes: validBatch().slice(0, 19), expected: 'malformed' },
  hostile('a tag of two bytes cut after the first', [...validFields(), { field: 0, bytes: [0x80] }]),
  hostile('a tag of three bytes', [...validFields(), { field: 0, bytes: [0xf8, 0x81, 0x00, 0x00] }]),
  hostile('field number 0', [...validFields(), rawField(0, wire.varint, [0])]),
  hostile('field number 64', [...validFields(), numberField(64, 1)]),
  hostile('a group', [...validFields(), rawField(29, 3, []), rawField(29, 4, [])]),
  hostile('wire type 6', [...validFields(), rawField(29, 6, [0])]),
  hostile('wire type 7 on a known field', replacing(rawField(f.seq, 7, [3]))),
  hostile('a number sent as bytes', replacing(bytesField(f.seq, [3]))),
  hostile('a column sent unpacked', replacing(numberField(f.moveDt, 4), timeColumn(f.moveDx, [1]))),
  hostile('a field twice', [...validFields(), numberField(f.seq, 3)]),
  hostile('a column twice', [...validFields(), timeColumn(f.moveDt, [0, 8, 300])]),
  hostile('a length of 16 MB', replacing(bytesField(f.page, utf8Bytes('/a'), 16_777_216))),
  hostile('a length one beyond the end', replacing(bytesField(f.page, utf8Bytes('/a'), 3))),
  hostile(
    'a varint without an end',
    replacing(rawField(f.seq, wire.varint, new Array<number>(20).fill(0xff))),
  ),
  hostile('a varint of six bytes', replacing(rawField(f.seq, wire.varint, varint(3, 6)))),
  hostile('a number beyond 32 bits', replacing(numberField(f.pv, 2 ** 32))),
  hostile('a time beyond 2^53', replacing(numberField(f.t0, 2n ** 53n))),
  hostile('a field of a later version that is cut off', [...validFields(), bytesField(30, [1], 5)]),
  // who and in what order
  hostile('no session', without(validFields(), f.session)),
  hostile('a session of 15 bytes', replacing(bytesField(f.session, new Array<number>(15).fill(1)))),
  hostile('sequence number 0', replacing(numberField(f.seq, 0))),
  hostile('a sequence number beyond the limit', replacing(numberField(f.seq, limits.sequenceMax + 1))),
  hostile('a total of events beyond the limit', replacing(numberField(f.ev0, limits.sequenceMax))),
  hostile('fewer events claimed than sent', replacing(numberField(f.n, 6))),
  hostile(
    'more events claimed than a batch may hold',
    replacing(numberField(f.n, limits.batchEventsMax + 1)),
  ),
  hostile('a clock three days off', replacing(numberField(f.clockOff, zigzag(-259_200_000)))),
  // strings
  hostile('no page', without(validFields(), f.page)),
  hostile('an empty page', replacing(textField(f.page, ''))),
  hostile('a page that is no path', replacing(textField(f.page, 'https://example.com/'))),
  hostile('a page beyond the limit', replacing(textField(f.page, '/'.padEnd(limits.pageBytesMax + 1, 'a')))),
  hostile('a page of broken UTF-8', replacing(bytesField(f.page, [0x2f, 0xc3, 0x28]))),
  hostile('a page with an over-long slash', replacing(bytesField(f.page, [0x2f, 0xc0, 0xaf]))),
  hostile('a page with half a surrogate pair', replacing(bytesField(f.page, [0x2f, 0xed, 0xa0, 0x80]))),
  hostile('a page that ends inside a character', replacing(bytesField(f.page, [0x2f, 0xf0, 0x9f, 0x98]))),
  hostile('a referrer beyond the limit', replacing(textField(f.ref, 'a'.repeat(limits.refBytesMax + 1)))),
  // columns
  hostile('an empty column', replacing(bytesField(f.scrollDt, []), bytesField(f.scrollDy, []))),
  hostile('a column that ends inside an element', replacing(bytesField(f.moveDt, [0, 8, 0xac]))),
  hostile('an element of four bytes', replacing(bytesField(f.moveDt, [0, 8, 0x80, 0x80, 0x80, 0]))),
  hostile('columns of unequal length', replacing(positionColumn(f.moveDy, [400, 1]))),
  hostile('positions without times', without(validFields(), f.scrollDt)),
  hostile(
    'more elements than a batch may hold',
    replacing(
      timeColumn(f.scrollDt, new Array<number>(someEvents).fill(0)),
      positionColumn(f.scrollDy, new Array<number>(someEvents).fill(0)),
    ),
  ),
  hostile('a position left of the page', replacing(positionColumn(f.moveDx, [10, -11, 3]))),
  hostile('a position beyond the page', replacing(positionColumn(f.moveDy, [limits.positionPxMax, 1, -1]))),
  hostile('times beyond the span', replacing(timeColumn(f.moveDt, [0, limits.batchSpanMsMax, 1]))),
  // clicks and marks
  hostile('a click beyond the span', clicking(numberField(f.clickDt, limits.batchSpanMsMax + 1))),
  hostile('a click above the page', clicking(numberField(f.clickY, zigzag(-1)))),
  hostile('a click outside its element', clicking(numberField(f.clickEx, limits.elementFractionMax + 1))),
  hostile(
    'a click with a target beyond the limit',
    clicking(textField(f.clickTarget, 'a'.repeat(limits.targetBytesMax + 1))),
  ),
  hostile('a click with a broken target', clicking(bytesField(f.clickTarget, [0x80]))),
  hostile(
    'a click with a field twice',
    replacing(messageField(f.click, [...validClick(), numberField(f.clickDt, 1)])),
  ),
  hostile('a click whose target runs into the next field', clicking(bytesField(f.clickTarget, [0x61], 20))),
  hostile('a mark of kind 0', marking(numberField(f.markKind, 0))),
  hostile('a mark of kind 256', marking(numberField(f.markKind, 256))),
  hostile('a navigation from what is no path', marking(textField(f.markValue, 'javascript:alert(1)'))),
  hostile('more clicks and marks than a batch may hold', [
    ...without(replacing(numberField(f.n, 200)), f.click),
    ...Array.from({ length: limits.batchClicksAndMarksMax }, () => messageField(f.click, [])),
  ]),
  // the server's own
  hostile('a field of the server side', [...validFields(), numberField(40, 1)], 'server-field'),
  hostile('the last field of the server side', [...validFields(), fixedField(63, 1)], 'server-field'),
]

function hostile(name: string, fields: readonly RawField[], expected: Refusal = 'malformed'): HostileBatch {
  return { name, bytes: assemble(fields), expected }
}

function replacing(...fields: RawField[]): RawField[] {
  return replaced(validFields(), ...fields)
}

function clicking(field: RawField): RawField[] {
  return replacing(messageField(f.click, replaced(validClick(), field)))
}

function marking(field: RawField): RawField[] {
  return replacing(messageField(f.mark, replaced(validMark(), field)))
}

/** A batch that is valid but perhaps for its size, filled up with a field of a later version. */
export function paddedTo(bytes: number): Uint8Array<ArrayBuffer> {
  const tagAndLengthBytes = 4
  const padding = new Array<number>(bytes - validBatch().length - tagAndLengthBytes).fill(0)
  return assemble([...validFields(), bytesField(39, padding)])
}
