import { expect, test } from 'vitest'
import { knownRuns } from './plot-drawing.ts'
import { nearestIndex, timeTicks, valueScale } from './plot-scale.ts'

test('lines of the value axis are round, few enough, and the highest value has room', () => {
  expect(valueScale(3_996, 10, 3)).toEqual({ top: 3_996 * 1.12, ticks: [0, 2_000, 4_000] })
  expect(valueScale(0, 20, 3)).toEqual({ top: 20, ticks: [0, 10, 20] })
  for (const highest of [0.3, 7, 99, 1_234, 6_500_000]) {
    for (const lines of [1, 2, 5]) {
      const { top, ticks } = valueScale(highest, 0.1, lines)
      expect(top).toBeGreaterThan(highest)
      expect(ticks.length).toBeLessThanOrEqual(lines + 1)
    }
  }
})

test('time labels stand at whole steps', () => {
  expect(timeTicks(1_000_003, 1_000_303, 3)).toEqual({ step: 120, ticks: [1_000_080, 1_000_200] })
  expect(timeTicks(0, 59, 4)).toEqual({ step: 15, ticks: [0, 15, 30, 45] })
  expect(timeTicks(0, 86_400 * 30, 4).ticks.length).toBeGreaterThan(0)
})

test('the nearest second, also with holes; nothing outside', () => {
  const seconds = [10, 11, 12, 20]
  expect(nearestIndex(seconds, 11)).toBe(1)
  expect(nearestIndex(seconds, 14)).toBe(2)
  expect(nearestIndex(seconds, 18)).toBe(3)
  expect(nearestIndex(seconds, 9)).toBe(0)
  expect(nearestIndex(seconds, 5)).toBeNull()
  expect(nearestIndex(seconds, 30)).toBeNull()
  expect(nearestIndex([], 5)).toBeNull()
})

test('a hole splits a line', () => {
  expect(knownRuns([null, 1, 2, null, null, 3])).toEqual([
    [1, 2],
    [5, 5],
  ])
  expect(knownRuns([1, 2])).toEqual([[0, 1]])
  expect(knownRuns([null])).toEqual([])
  expect(knownRuns([])).toEqual([])
})
