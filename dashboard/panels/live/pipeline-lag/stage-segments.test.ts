import { expect, test } from 'vitest'
import { stageSegments } from './stage-segments.ts'

test('stages stand in the order of the journey, the screen last, and share the bar by their medians', () => {
  const segments = stageSegments(
    [
      { stage: 'log', p50Ms: 5, p99Ms: 9, queue: 3, instances: 1 },
      { stage: 'hand', p50Ms: 25, p99Ms: 50, queue: null, instances: 9 },
    ],
    10,
  )
  expect(segments.map(({ name }) => name)).toEqual([
    'hand',
    'gateway',
    'log',
    'processor',
    'store',
    'live',
    'screen',
  ])
  expect(segments.map(({ share }) => share)).toEqual([0.625, 0, 0.125, 0, 0, 0, 0.25])
  expect(segments.reduce((sum, { share }) => sum + share, 0)).toBe(1)
})

test('what is not known is null and not 0', () => {
  const segments = stageSegments([], null)
  expect(segments.every(({ p50Ms, share }) => p50Ms === null && share === 0)).toBe(true)
})
