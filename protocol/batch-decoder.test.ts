import { describe, expect, it } from 'vitest'
import { BatchDecoder } from './batch-decoder.ts'
import * as f from './batch-field-numbers.ts'
import { valuesOf } from './batch-oracle.ts'
import type { Refusal } from './errors.ts'
import { hostileBatches, validBatch } from './hostile-batches.ts'
import { limits } from './limits.ts'
import {
  assemble,
  bytesField,
  numberField,
  replaced,
  textField,
  type RawField,
  validFields,
  without,
  zigzag,
} from './raw-batch.ts'

const decoder = new BatchDecoder()

function read(fields: readonly RawField[]): Refusal | null {
  return decoder.read(assemble(fields))
}

/** The valid batch with these fields in place of its own. */
function withFields(...fields: RawField[]): Refusal | null {
  return read(replaced(validFields(), ...fields))
}

const repeated = (count: number, value: number) => new Array<number>(count).fill(value)

it('reads every field of a valid batch', () => {
  expect(read(validFields())).toBeNull()
  expect(valuesOf(decoder)).toEqual({
    session: Array.from({ length: 16 }, (_, i) => 0xa0 + i),
    ...{ lane: 0xfedc_ba98, seq: 3, ev0: 250, n: 7, t0: 1_800_000_000_123, clockOff: -40, clockRtt: 12 },
    ...{
      page: '/produkte/möbel',
      pv: 2,
      vw: 1_440,
      vh: 900,
      dh: 5_200,
      outline: 0xdead_beef,
      ref: 'news.example',
    },
    ...{ lostRing: 5, lostRefused: 6, thinned: 70, flags: 2, site: 1 },
    moveDt: [0, 8, 308],
    moveX: [500, 430, 433],
    moveY: [400, 401, 90_401],
    scrollDt: [20, 150],
    scrollY: [700, 0],
    clicks: [{ dt: 40, x: 321, y: 654, button: 2, target: 'buy-now', ex: 30_000, ey: 20_000 }],
    marks: [{ dt: 55, kind: 3, value: '/start' }],
  })
})

describe('hostile batches', () => {
  it.each(hostileBatches)('[B1] to [B19] $name → $expected', ({ bytes, expected }) => {
    expect(decoder.read(bytes)).toBe(expected)
  })

  it('are at least 25, with names of their own', () => {
    expect(new Set(hostileBatches.map(({ name }) => name)).size).toBe(hostileBatches.length)
    expect(hostileBatches.length).toBeGreaterThanOrEqual(25)
  })
})

describe('who and in what order', () => {
  it('[B8] requires a session of 16 bytes', () => {
    expect(read(without(validFields(), f.session))).toBe('malformed')
    expect(withFields(bytesField(f.session, repeated(15, 1)))).toBe('malformed')
    expect(withFields(bytesField(f.session, repeated(17, 1)))).toBe('malformed')
  })

  it('[B8] bounds seq and the total of events', () => {
    expect(read(without(validFields(), f.seq))).toBe('malformed')
    expect(withFields(numberField(f.seq, 0))).toBe('malformed')
    expect(withFields(numberField(f.seq, 1))).toBeNull()
    expect(withFields(numberField(f.seq, limits.sequenceMax))).toBeNull()
    expect(withFields(numberField(f.seq, limits.sequenceMax + 1))).toBe('malformed')
    expect(withFields(numberField(f.ev0, limits.sequenceMax - 7))).toBeNull()
    expect(withFields(numberField(f.ev0, limits.sequenceMax - 6))).toBe('malformed')
  })

  it('[B9] bounds n from both sides', () => {
    expect(withFields(numberField(f.n, 6))).toBe('malformed')
    expect(withFields(numberField(f.n, 7))).toBeNull()
    expect(withFields(numberField(f.n, limits.batchEventsMax))).toBeNull()
    expect(withFields(numberField(f.n, limits.batchEventsMax + 1))).toBe('malformed')
  })
})

it('[B19] bounds viewport, document and clock', () => {
  const bounds = [
    [f.vw, limits.viewportPxMax],
    [f.vh, limits.viewportPxMax],
    [f.dh, limits.positionPxMax],
  ]
  for (const [field, max] of bounds) {
    expect(withFields(numberField(field, max))).toBeNull()
    expect(withFields(numberField(field, max + 1))).toBe('malformed')
  }
  for (const ms of [limits.clockOffsetMsMax, -limits.clockOffsetMsMax]) {
    expect(withFields(numberField(f.clockOff, zigzag(ms)))).toBeNull()
    expect(decoder.clockOff).toBe(ms)
    expect(withFields(numberField(f.clockOff, zigzag(ms + Math.sign(ms))))).toBe('malformed')
  }
  for (const field of [f.clockRtt, f.pv, f.lostRing, f.lostRefused, f.thinned, f.flags, f.site]) {
    expect(withFields(numberField(field, 2 ** 32 - 1))).toBeNull()
    expect(withFields(numberField(field, 2 ** 32))).toBe('malformed')
  }
})

describe('the decoder', () => {
  it('[B20] reads a range in the middle of a buffer and nothing around it', () => {
    const batch = validBatch()
    for (const around of [0x00, 0x7f, 0x80, 0xff]) {
      const buffer = new Uint8Array(batch.length + 200).fill(around)
      buffer.set(batch, 100)
      expect(decoder.read(buffer, 100, 100 + batch.length)).toBeNull()
      expect(valuesOf(decoder).page).toBe('/produkte/möbel')
      expect(decoder.read(buffer, 100, 99 + batch.length)).toBe('malformed')
    }
  })

  it('[B20] does not complete what is cut with what stands behind the range', () => {
    const read = (fields: RawField[], behind: number) => {
      const bytes = assemble(fields)
      return decoder.read(new Uint8Array([...bytes, ...repeated(50, behind)]), 0, bytes.length)
    }
    // A first tag byte whose second would make it field 40; an empty page and a slash behind it.
    expect(read([...validFields(), { field: 0, bytes: [0xc0] }], 0x02)).toBe('malformed')
    expect(read(replaced(validFields(), textField(f.page, '')), 0x2f)).toBe('malformed')
    for (const behind of [0x00, 0x01, 0x2f, 0x7f, 0x80]) {
      for (let end = 1; end < validBatch().length; end++) {
        const buffer = validBatch()
        const alone = decoder.read(buffer.slice(0, end))
        expect(decoder.read(buffer.fill(behind, end), 0, end), `cut at ${end}`).toBe(alone)
      }
    }
  })

  it('[B20] refuses a range outside the buffer', () => {
    const batch = validBatch()
    expect(decoder.read(batch, 0, batch.length + 1)).toBe('malformed')
    expect(decoder.read(batch, -1, batch.length - 1)).toBe('malformed')
    expect(decoder.read(batch, 50, 40)).toBe('malformed')
  })

  it('[B20] lets nothing of one batch show in the next, nor of a refused one', () => {
    const bare = validFields().filter(({ field }) => [f.session, f.seq, f.page, f.site, f.t0].includes(field))
    const fresh = new BatchDecoder()
    expect(fresh.read(assemble(bare))).toBeNull()
    const expected = valuesOf(fresh)
    expect(decoder.read(validBatch())).toBeNull()
    expect(read(bare)).toBeNull()
    expect(valuesOf(decoder)).toEqual(expected)
    for (const { bytes } of hostileBatches) {
      decoder.read(bytes)
      expect(read(bare)).toBeNull()
      expect(valuesOf(decoder)).toEqual(expected)
    }
  })

  it('[B20] makes no memory per batch', () => {
    const batch = validBatch()
    const heapBytesOf = (reads: number) => {
      const before = process.memoryUsage().heapUsed
      for (let i = 0; i < reads; i++) decoder.read(batch)
      return process.memoryUsage().heapUsed - before
    }
    heapBytesOf(50_000)
    // Even one object of 16 bytes per batch would show as 320 KB, unless a collection hides it: the best of some rounds
    // is what counts, and none may grow much.
    expect(Math.min(...Array.from({ length: 5 }, () => Math.abs(heapBytesOf(20_000))))).toBeLessThan(100_000)
  })
})
