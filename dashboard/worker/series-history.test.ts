import { limits } from '@sightline/protocol/limits'
import type { Numbers, RingSecond } from '@sightline/protocol/live-frames'
import { expect, test } from 'vitest'
import { SeriesHistory } from './series-history.ts'

const row = (second: number, moves: number): RingSecond => ({
  second,
  moves,
  clicks: 1,
  scrolls: 2,
  marks: 3,
  handP50Ms: 25,
  handP99Ms: 50,
  activeSessions: 9,
})
const numbers = (part: Partial<Numbers>): Numbers => ({
  activeSessions: 0,
  eventsPerSecond: 0,
  clicksPerSecond: 0,
  lagP50Ms: null,
  lagP99Ms: null,
  lostEvents: 0,
  sealedEvents: 0,
  countedEvents: 0,
  ...part,
})

test('rows are replaced whole, and all kinds add up to events', () => {
  const history = new SeriesHistory()
  history.takeRing([row(100, 10), row(101, 20)])
  history.takeRing([row(101, 40)])
  const { second, events, handP50Ms } = history.columns(101)
  expect(second).toEqual([100, 101])
  expect(events).toEqual([16, 46])
  expect(handP50Ms).toEqual([25, 25])
})

test('the second that still runs is left out, a missing one is a hole and not a 0', () => {
  const history = new SeriesHistory()
  history.takeRing([row(100, 10), row(102, 20), row(103, 1)])
  const { second, events } = history.columns(102)
  expect(second).toEqual([100, 101, 102])
  expect(events).toEqual([16, null, 26])
})

test('what only this page watched stands beside the ring', () => {
  const history = new SeriesHistory()
  history.takeRing([row(100, 10), row(101, 10)])
  history.watch(numbers({ lagP50Ms: 50, lagP99Ms: 90, lostEvents: 1, sealedEvents: 200 }), 101_400)
  const series = history.columns(101)
  expect(series.lagP50Ms).toEqual([null, 50])
  expect(series.lagP99Ms).toEqual([null, 90])
  expect(series.lostShare).toEqual([null, 0.005])
})

test('five minutes are kept, no more', () => {
  const history = new SeriesHistory()
  for (let second = 1; second <= 1_000; second++) history.takeRing([row(second, second)])
  const { second } = history.columns(1_000)
  expect(second).toHaveLength(limits.ringSeconds)
  expect(second[0]).toBe(1_000 - limits.ringSeconds + 1)
})

test('nothing known gives empty columns', () => {
  expect(new SeriesHistory().columns(5_000).second).toEqual([])
})
