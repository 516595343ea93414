import type { Numbers } from '@sightline/protocol/live-frames'
import { expect, test } from 'vitest'
import { numberCells } from './number-cells.ts'

const numbers: Numbers = {
  activeSessions: 240,
  eventsPerSecond: 3_996,
  clicksPerSecond: 44,
  lagP50Ms: 8.8,
  lagP99Ms: 1_260,
  lostEvents: 0,
  sealedEvents: 1_000_000,
  countedEvents: 999_000,
}
const shown = (value: Numbers | undefined) =>
  numberCells(value, undefined).map((cell) => `${cell.value}${cell.unit}`)

test('the six numbers with their units', () => {
  expect(numberCells(numbers, undefined).map(({ title }) => title)).toEqual([
    'Active sessions',
    'Events',
    'Clicks',
    'Lag p50',
    'Lag p99',
    'Lost',
  ])
  expect(shown(numbers)).toEqual(['240', '3,996/s', '44/s', '8.8ms', '1.26s', '0%'])
})

test('what is not known yet is a dash, never a 0', () => {
  expect(shown(undefined)).toEqual(['–', '–/s', '–/s', '–', '–', '–'])
  expect(shown({ ...numbers, lagP50Ms: null, lagP99Ms: null }).slice(3, 5)).toEqual(['–', '–'])
})

test('one lost event of a million is not rounded away', () => {
  const cell = numberCells({ ...numbers, lostEvents: 1 }, undefined)[5]
  expect(`${cell.value}${cell.unit}`).toBe('<0.001%')
  expect(cell.note).toBe('1 of 1.00M')
  expect(cell.color).toBe('bad')
})

test('a quiet site has no share of clicks', () => {
  expect(numberCells({ ...numbers, eventsPerSecond: 0, clicksPerSecond: 0 }, undefined)[2].note).toBe(
    'no events',
  )
})
