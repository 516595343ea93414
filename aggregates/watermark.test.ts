import { limits } from '@sightline/protocol/limits'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader, ByteWriter } from './binary.ts'
import { Watermark } from './watermark.ts'

const startMs = Date.UTC(2027, 0, 1)
const run = limits.watermarkRunRecords

/** A watermark that stands at startMs. */
function started(): Watermark {
  const watermark = new Watermark()
  for (let i = 0; i < run; i++) watermark.advance(startMs)
  return watermark
}

test('[W4] it begins at 0 and comes to the present with the first run of records', () => {
  const watermark = new Watermark()
  for (let i = 1; i < run; i++) watermark.advance(startMs + i)
  expect(watermark.ms).toBe(0)
  expect(watermark.effectiveMs(startMs)).toBe(startMs)
  watermark.advance(startMs + run)
  expect(watermark.ms).toBe(startMs + run)
})

test('[W1] [W2] it follows records up to a minute ahead and never goes back', () => {
  const watermark = started()
  expect(watermark.advance(startMs + limits.lateRecordMsMax)).toBe(true)
  expect(watermark.advance(startMs)).toBe(false)
  expect(watermark.ms).toBe(startMs + limits.lateRecordMsMax)
  expect(watermark.effectiveMs(startMs - 5_000)).toBe(startMs)
})

test('[W3] a wild clock among good ones moves nothing, however long it goes on', () => {
  const watermark = started()
  const dayMs = 86_400_000
  for (let i = 1; i < 5_000; i++) {
    watermark.advance(startMs + i * 20)
    for (let wild = 0; wild < i % run; wild++) watermark.advance(startMs + 400 * dayMs + i)
  }
  expect(watermark.ms).toBe(startMs + 4_999 * 20)
})

test('[W3] after a pause of the whole stream it follows once the run agrees, and not its wild ones', () => {
  const watermark = started()
  const laterMs = startMs + 3_600_000
  for (let i = 0; i < run - 1; i++) {
    expect(watermark.advance(i % 5 === 2 ? laterMs + 900_000_000 + i : laterMs + i * 30_000)).toBe(false)
  }
  watermark.advance(laterMs + (run - 1) * 30_000)
  expect(watermark.ms).toBe(laterMs + (run - 1) * 30_000)
})

test('[W3] a quiet partition, one record in five minutes, lags by a run and goes on', () => {
  const watermark = started()
  for (let i = 1; i <= 10 * run; i++) watermark.advance(startMs + i * 300_000)
  expect(watermark.ms).toBeGreaterThanOrEqual(startMs + (10 * run - 2 * run) * 300_000)
})

test('[W1] [AK6] encoded in the middle of a run it goes on as if nothing had been', () => {
  const times = fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 400 })
  fc.assert(
    fc.property(times, fc.nat(400), (list, at) => {
      const whole = started()
      let parted = started()
      list.forEach((offset, i) => {
        const before = whole.ms
        whole.advance(startMs + offset)
        expect(whole.ms).toBeGreaterThanOrEqual(before)
        if (i === at) {
          const out = new ByteWriter()
          parted.encode(out)
          parted = new Watermark()
          parted.decode(new ByteReader(out.view()))
        }
        parted.advance(startMs + offset)
      })
      expect(parted.ms).toBe(whole.ms)
    }),
  )
})
