import { expect, test } from 'vitest'
import { stableOrder } from './stable-order.ts'

test('who stays keeps the place, who comes takes a free one', () => {
  expect(stableOrder(['a', 'b', 'c'], ['c', 'd', 'a'], 3)).toEqual(['a', 'd', 'c'])
})

test('only so many get a place, the first of the list', () => {
  expect(stableOrder([], ['a', 'b', 'c', 'd'], 2)).toEqual(['a', 'b'])
  expect(stableOrder(['x', 'b'], ['a', 'b', 'c'], 2)).toEqual(['a', 'b'])
})

test('fewer items close the ranks, and the list shrinks with its room', () => {
  expect(stableOrder(['a', 'b', 'c'], ['c'], 3)).toEqual(['c'])
  expect(stableOrder(['a', 'b', 'c'], ['a', 'b', 'c'], 1)).toEqual(['a'])
  expect(stableOrder(['a'], [], 3)).toEqual([])
})
