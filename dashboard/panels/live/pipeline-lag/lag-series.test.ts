import { expect, test } from 'vitest'
import { emptySeries } from '../../../worker/series-history.ts'
import { lagSeries } from './lag-series.ts'

test('begins with the first second in which the whole way was watched', () => {
  const series = {
    ...emptySeries(),
    second: [1, 2, 3],
    handP50Ms: [9, 9, 9],
    lagP50Ms: [null, 50, 51],
    lagP99Ms: [null, 90, 91],
  }
  expect(lagSeries(series)).toEqual({
    seconds: [2, 3],
    values: [
      [9, 9],
      [50, 51],
      [90, 91],
    ],
  })
})

test('until then all seconds are shown', () => {
  const series = {
    ...emptySeries(),
    second: [1, 2],
    handP50Ms: [9, 9],
    lagP50Ms: [null, null],
    lagP99Ms: [null, null],
  }
  expect(lagSeries(series).seconds).toEqual([1, 2])
})
