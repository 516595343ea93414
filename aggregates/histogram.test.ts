import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader, ByteWriter } from './binary.ts'
import { bucketCount, bucketOf, BucketRuns, Histogram, histogramMax, valueOf } from './histogram.ts'

test('[H1] every value up to the last bucket is at most 5 % off', () => {
  let worst = 0
  let before = 0
  for (let value = 0; value < histogramMax; value += value < 20_000 ? 1 : 7) {
    const bucket = bucketOf(value)
    if (bucket < before) throw new Error(`bucket ${bucket} of ${value} is below that of a lower value`)
    before = bucket
    worst = Math.max(worst, Math.abs(valueOf(bucket) - value) / Math.max(1, value))
    if (value < 10) expect(valueOf(bucket)).toBe(value)
  }
  expect(worst).toBeLessThanOrEqual(0.05 + 1e-12)
  expect(histogramMax).toBe(1_884_391)
  expect(bucketOf(10 ** 12)).toBe(bucketCount - 1)
  expect(bucketOf(-5)).toBe(0)
})

test('[H1] quantiles are those of the sorted values, at most 5 % off', () => {
  const values = fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, q) => {
      const histogram = new Histogram()
      for (const value of list) histogram.add(bucketOf(value), 1)
      const exact = [...list].sort((a, b) => a - b)[Math.max(1, Math.ceil(q * list.length)) - 1]
      expect(Math.abs(histogram.quantile(q)! - exact)).toBeLessThanOrEqual(exact * 0.05 + 1e-9)
    }),
  )
  expect(new Histogram().quantile(0.5)).toBeNull()
})

test('runs, merging and the codec keep every count', () => {
  const lists = fc.array(fc.array(fc.integer({ min: -5, max: 3_000_000 }), { maxLength: 50 }), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(lists, (parts) => {
      const direct = new Histogram()
      const merged = new Histogram()
      const runs = new BucketRuns()
      for (const part of parts) {
        runs.clear()
        for (const value of part) {
          direct.add(bucketOf(value), 1)
          runs.add(bucketOf(value))
        }
        const one = new Histogram()
        one.addRuns(runs)
        const out = new ByteWriter()
        one.encode(out)
        merged.decode(new ByteReader(out.view()))
      }
      expect(merged.total).toBe(parts.flat().length)
      expect([...(merged.counts ?? [])]).toEqual([...(direct.counts ?? [])])
    }),
  )
})
