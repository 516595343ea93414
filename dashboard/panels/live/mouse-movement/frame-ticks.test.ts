import { expect, test } from 'vitest'
import { frameTicks } from './frame-ticks.ts'

test('round heights, few enough to read', () => {
  expect(frameTicks(1_780)).toEqual([500, 1_000, 1_500])
  expect(frameTicks(700)).toEqual([100, 200, 300, 400, 500, 600])
  for (const heightPx of [1, 80, 333, 2_450, 12_000, 99_000, 1_048_575])
    expect(frameTicks(heightPx).length).toBeLessThanOrEqual(8)
})

test('no height, no lines', () => {
  expect(frameTicks(0)).toEqual([])
  expect(frameTicks(Number.NaN)).toEqual([])
})
