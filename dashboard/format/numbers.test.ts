import { expect, test } from 'vitest'
import { formatCount, formatPercent, formatRate, formatWhole } from './numbers.ts'

test('counts keep to five characters beyond 9,999', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [999, '999'],
    [9_999, '9,999'],
    [11_678, '11.7k'],
    [99_949, '99.9k'],
    [99_950, '100k'],
    [240_400, '240k'],
    [999_499, '999k'],
    [1_234_567, '1.23M'],
    [73_950_000, '74.0M'],
    [460_000_000, '460M'],
    [2_345_000_000, '2.35G'],
  ]
  for (const [count, text] of cases) expect(formatCount(count)).toBe(text)
})

test('small rates keep a decimal, whole ones do not', () => {
  expect(formatRate(0)).toBe('0')
  expect(formatRate(0.4)).toBe('0.4')
  expect(formatRate(3)).toBe('3')
  expect(formatRate(3_996.4)).toBe('3,996')
})

test('a share that is not nothing never reads as nothing', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [0.000_001, '<0.001'],
    [0.000_05, '0.005'],
    [0.0042, '0.42'],
    [0.5, '50.0'],
    [1, '100.0'],
  ]
  for (const [share, text] of cases) expect(formatPercent(share)).toBe(text)
})

test('all digits', () => {
  expect(formatWhole(1_234_567)).toBe('1,234,567')
})
