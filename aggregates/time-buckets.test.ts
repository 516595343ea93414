import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coverRange } from './queries/time-cover.ts'
import {
  bucketEnd,
  bucketStart,
  dayMs,
  days,
  hourMs,
  hours,
  minuteMs,
  minutes,
  parseBucketName,
  timeBucketName,
} from './time-buckets.ts'

const nowMs = Date.UTC(2027, 2, 14, 15, 20, 30)
const all = [minutes, hours, days]

test('[T1] a bucket contains its times and ends where the next begins', () => {
  for (const { name } of all) {
    const start = bucketStart(name, nowMs)
    expect(start).toBeLessThanOrEqual(nowMs)
    expect(bucketEnd(name, start)).toBeGreaterThan(nowMs)
    expect(bucketStart(name, bucketEnd(name, start))).toBe(bucketEnd(name, start))
    expect(bucketStart(name, bucketEnd(name, start) - 1)).toBe(start)
  }
})

test('names of buckets come back; others are not taken for one', () => {
  expect(parseBucketName(timeBucketName('series', 'hour', 3_600_000))).toEqual({
    owner: 'series',
    resolution: 'hour',
    startMs: 3_600_000,
  })
  expect(parseBucketName('ring')).toEqual({ owner: 'ring', resolution: null, startMs: 0 })
  for (const wrong of [
    'lanes:300000',
    'series:week:0',
    'series:hour:-5',
    'series:hour:1:2',
    'series:hour:',
  ]) {
    expect(parseBucketName(wrong)).toBeNull()
  }
})

test('[T3] a cover has every ms of the range once, in order, and ends at most one bucket outside', () => {
  const range = fc.tuple(fc.integer({ min: 0, max: 40 * dayMs }), fc.integer({ min: 1, max: 30 * dayMs }))
  fc.assert(
    fc.property(range, ([age, length]) => {
      const fromMs = nowMs - age
      const toMs = Math.min(fromMs + length, nowMs)
      fc.pre(toMs > fromMs)
      const cover = coverRange(all, fromMs, toMs, nowMs)
      expect(cover.fromMs).toBeLessThanOrEqual(fromMs)
      expect(cover.toMs).toBeGreaterThanOrEqual(toMs)
      let at = cover.fromMs
      for (const { resolution, startMs } of cover.parts) {
        expect(startMs).toBe(at)
        at = bucketEnd(resolution, startMs)
        const { lifeMs } = all.find(({ name }) => name === resolution)!
        expect(at).toBeGreaterThan(nowMs - lifeMs)
      }
      expect(at).toBe(cover.toMs)
      expect(cover.parts.length).toBeLessThan(60 + 24 + 40 + 24 + 60 + 120)
    }),
  )
})

test('[T3] five minutes are minutes; two days are hours and a day; a month ago is widened to days', () => {
  const five = coverRange(all, nowMs - 5 * minuteMs, nowMs, nowMs)
  expect(five.parts.map(({ resolution }) => resolution)).toEqual(Array(6).fill('minute'))
  const twoDays = coverRange(all, nowMs - 2 * dayMs, nowMs, nowMs)
  expect(twoDays.parts.filter(({ resolution }) => resolution === 'day')).toHaveLength(1)
  expect(twoDays.fromMs).toBe(bucketStart('hour', nowMs - 2 * dayMs))
  const old = coverRange(all, nowMs - 30 * dayMs, nowMs - 29 * dayMs, nowMs)
  expect([old.fromMs, old.toMs]).toEqual([
    bucketStart('day', nowMs - 30 * dayMs),
    bucketStart('day', nowMs - 28 * dayMs),
  ])
})

test('[T3] where minutes are not held any more, an edge moves out to the hour', () => {
  const cover = coverRange(all, nowMs - hourMs, nowMs, nowMs, {
    minute: 20 * minuteMs,
    hour: 8 * dayMs,
    day: 90 * dayMs,
  })
  expect(cover.fromMs).toBe(bucketStart('hour', nowMs - hourMs))
})
