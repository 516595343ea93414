import { expect, it } from 'vitest'
import { DurationHistogram } from './duration-histogram.ts'

it('[GW28] gives quantiles within an eighth of the durations', () => {
  const latency = new DurationHistogram()
  for (let i = 1; i <= 1_000; i++) latency.add(i / 10)
  for (const [share, exactMs] of [
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ]) {
    expect(latency.quantileMs(share)).toBeGreaterThanOrEqual(exactMs * 0.999)
    expect(latency.quantileMs(share)).toBeLessThanOrEqual(exactMs * 1.126)
  }
})

it('[GW28] takes durations of nothing, of microseconds and of days', () => {
  const latency = new DurationHistogram()
  for (const ms of [-1, 0, 0.001, 0.004, 1e12]) latency.add(ms)
  expect(latency.quantileMs(0.2)).toBeLessThan(0.002)
  expect(latency.quantileMs(1)).toBeGreaterThan(1_000_000)
})

it('[GW28] says 0 when there was nothing, and forgets when cleared', () => {
  const latency = new DurationHistogram()
  expect(latency.quantileMs(0.99)).toBe(0)
  latency.add(5)
  latency.clear()
  expect(latency.quantileMs(0.99)).toBe(0)
})
