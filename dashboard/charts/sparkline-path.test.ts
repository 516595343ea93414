import { expect, test } from 'vitest'
import { sparklinePath } from './sparkline-path.ts'

test('the highest value touches the top, the lowest the bottom', () => {
  expect(sparklinePath([0, 10, 5], 100, 22)).toBe('M0.0 21.0L50.0 1.0L100.0 11.0')
})

test('what is not known leaves a hole', () => {
  expect(sparklinePath([0, null, 10, 10], 90, 22)).toBe('M0.0 21.0M60.0 1.0L90.0 1.0')
})

test('a constant lies at the bottom; fewer than two values draw nothing', () => {
  expect(sparklinePath([3, 3], 10, 22)).toBe('M0.0 21.0L10.0 21.0')
  expect(sparklinePath([3, null], 10, 22)).toBe('')
  expect(sparklinePath([], 10, 22)).toBe('')
})
