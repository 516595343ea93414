import { expect, test } from 'vitest'
import { formatAge, formatDuration, formatMs, splitMs } from './times.ts'

test('latencies have three digits at most, in the unit that fits', () => {
  const cases: [number, string][] = [
    [0.4, '0.4 ms'],
    [8.84, '8.8 ms'],
    [49.6, '50 ms'],
    [999, '999 ms'],
    [1_234, '1.23 s'],
    [12_340, '12.3 s'],
    [180_000, '3 min'],
  ]
  for (const [ms, text] of cases) expect(formatMs(ms)).toBe(text)
  expect(splitMs(26)).toEqual({ value: '26', unit: 'ms' })
})

test('ages go from tens of ms to days', () => {
  const cases: [number, string][] = [
    [0, '0 ms'],
    [43, '40 ms'],
    [994, '990 ms'],
    [996, '1.0 s'],
    [1_240, '1.2 s'],
    [12_900, '12 s'],
    [200_000, '3 min'],
    [7_300_000, '2 h'],
    [200_000_000, '2 d'],
  ]
  for (const [ms, text] of cases) expect(formatAge(ms)).toBe(text)
})

test('durations read as a clock, never negative', () => {
  expect(formatDuration(7_400)).toBe('0:07')
  expect(formatDuration(760_000)).toBe('12:40')
  expect(formatDuration(3_723_000)).toBe('1:02:03')
  expect(formatDuration(-5)).toBe('0:00')
})
