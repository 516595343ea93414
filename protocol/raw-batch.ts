import * as f from './batch-field-numbers.ts'
import { wire } from './wire-reader.ts'

/**
 * Puts batches together byte by byte, wrong ones too: for tests, fuzzing and proofs. It shares nothing with the
 * encoder, so that a mistake there can't hide here.
 */
export interface RawField {
  field: number
  bytes: number[]
}

/** A varint, padded to at least `length` bytes when one is asked for (an over-long form). */
export function varint(value: number | bigint, length = 1): number[] {
  const bytes: number[] = []
  for (let rest = BigInt(value); rest > 0n || bytes.length < length; rest >>= 7n) {
    bytes.push(Number(rest & 127n) | 128)
  }
  bytes[bytes.length - 1] &= 127
  return bytes
}

export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

export function utf8Bytes(text: string): number[] {
  return [...new TextEncoder().encode(text)]
}

/** A field whose payload is given as it is, whatever the wire type. */
export function rawField(field: number, wireType: number, payload: number[]): RawField {
  return { field, bytes: [...varint(field * 8 + wireType), ...payload] }
}

export function numberField(field: number, value: number | bigint): RawField {
  return rawField(field, wire.varint, varint(value))
}

export function fixedField(field: number, value: number): RawField {
  return rawField(field, wire.fourBytes, [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24])
}

/** A string, a column or a message; `length` overrides the true length. */
export function bytesField(field: number, bytes: number[], length = bytes.length): RawField {
  return rawField(field, wire.lengthDelimited, [...varint(length), ...bytes])
}

export function textField(field: number, text: string): RawField {
  return bytesField(field, utf8Bytes(text))
}

export function timeColumn(field: number, deltas: number[]): RawField {
  return bytesField(
    field,
    deltas.flatMap((delta) => varint(delta)),
  )
}

export function positionColumn(field: number, deltas: number[]): RawField {
  return bytesField(
    field,
    deltas.flatMap((delta) => varint(zigzag(delta))),
  )
}

export function messageField(field: number, fields: RawField[]): RawField {
  return bytesField(
    field,
    fields.flatMap(({ bytes }) => bytes),
  )
}

export function assemble(fields: readonly RawField[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(fields.flatMap(({ bytes }) => bytes))
}

/** `fields` with every occurrence of each replacement's number taken out and the replacements at the end. */
export function replaced(fields: readonly RawField[], ...replacements: RawField[]): RawField[] {
  const numbers = new Set(replacements.map(({ field }) => field))
  return [...fields.filter(({ field }) => !numbers.has(field)), ...replacements]
}

export function without(fields: readonly RawField[], ...numbers: number[]): RawField[] {
  return fields.filter(({ field }) => !numbers.includes(field))
}

export function validClick(): RawField[] {
  return [
    numberField(f.clickDt, 40),
    numberField(f.clickX, zigzag(321)),
    numberField(f.clickY, zigzag(654)),
    numberField(f.clickButton, 2),
    textField(f.clickTarget, 'buy-now'),
    numberField(f.clickEx, 30_000),
    numberField(f.clickEy, 20_000),
  ]
}

export function validMark(): RawField[] {
  return [numberField(f.markDt, 55), numberField(f.markKind, 3), textField(f.markValue, '/start')]
}

/** The fields of a valid batch of site 1 with every field of the format in it: 3 moves, 2 scrolls, a click, a mark. */
export function validFields(): RawField[] {
  return [
    bytesField(
      f.session,
      Array.from({ length: 16 }, (_, i) => 0xa0 + i),
    ),
    fixedField(f.lane, 0xfedc_ba98),
    numberField(f.seq, 3),
    numberField(f.ev0, 250),
    numberField(f.n, 7),
    numberField(f.t0, 1_800_000_000_123),
    numberField(f.clockOff, zigzag(-40)),
    numberField(f.clockRtt, 12),
    textField(f.page, '/produkte/möbel'),
    numberField(f.pv, 2),
    numberField(f.vw, 1_440),
    numberField(f.vh, 900),
    numberField(f.dh, 5_200),
    fixedField(f.outline, 0xdead_beef),
    textField(f.ref, 'news.example'),
    numberField(f.lostRing, 5),
    numberField(f.lostRefused, 6),
    numberField(f.thinned, 70),
    numberField(f.flags, 2),
    numberField(f.site, 1),
    timeColumn(f.moveDt, [0, 8, 300]),
    positionColumn(f.moveDx, [500, -70, 3]),
    positionColumn(f.moveDy, [400, 1, 90_000]),
    timeColumn(f.scrollDt, [20, 130]),
    positionColumn(f.scrollDy, [700, -700]),
    messageField(f.click, validClick()),
    messageField(f.mark, validMark()),
  ]
}
