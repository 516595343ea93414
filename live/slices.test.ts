import { randomTraffic } from '@sightline/aggregates/random-traffic.fixture'
import type { StageReport } from '@sightline/engine/registry/registry'
import { limits } from '@sightline/protocol/limits'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SiteLag } from './site-lag.ts'
import { Slices } from './slices.ts'
import { flushMsOf, stageStates } from './stage-states.ts'
import { TestClock, TestInstallation, until } from './test-installation.fixture.ts'

let installation: TestInstallation

beforeEach(async () => {
  installation = await TestInstallation.open()
})

afterEach(() => installation.destroy())

test('[LV7] what changed, on top of what was whole, is what is whole now', async () => {
  const records = randomTraffic({ seed: 3, records: 300, pauseMsMax: 300 })
  const clock = new TestClock(records[0].recordMs)
  const follower = await installation.startFollower(clock)
  const dependencies = {
    key: { site: 1, page: null, layout: null },
    follower,
    lag: new SiteLag(),
    clock,
    reports: () => [],
  }
  const slices = new Slices(dependencies)
  slices.due()
  const seen = { ...slices.whole() }
  const ring = new Map(seen.ring?.map((row) => [row.second, row]))
  for (let from = 0; from < records.length; from += 20) {
    await installation.fold(records.slice(from, from + 20))
    const next = Math.min(from + 20, records.length)
    await until(
      'it is followed',
      () => follower.cursors.reduce((sum, cursor) => sum + (cursor?.next ?? 0), 0) === next,
    )
    clock.pass(records[Math.min(next, records.length - 1)].recordMs - clock.nowMs + 1_000)
    const { ring: seconds, ...changed } = slices.due() ?? {}
    Object.assign(seen, changed)
    for (const row of seconds ?? []) ring.set(row.second, row)
    const { ring: whole, ...rest } = slices.whole()
    expect({ ...seen, ring: undefined }).toEqual({ ...rest, ring: undefined })
    expect(whole?.map(({ second }) => ring.get(second))).toEqual(whole)
    expect(whole).toHaveLength(limits.ringSeconds)
  }
  clock.pass(10)
  expect(slices.due()).toBeNull()
})

const report = (stage: StageReport['stage'], figures: Record<string, number>): StageReport => ({
  stage,
  instance: `${stage} ${JSON.stringify(figures)}`,
  atMs: 0,
  figures,
})

test('[LV28] stages show the slowest of their processes and the sum of their queues', () => {
  const states = stageStates(
    [
      report('gateway', { appendP50Ms: 1, appendP99Ms: 9, pendingRecords: 5 }),
      report('gateway', { appendP50Ms: 3, appendP99Ms: 4, pendingRecords: 7 }),
      report('processor', {
        logP50Ms: 5,
        logP99Ms: 12,
        waitP50Ms: 2,
        waitP99Ms: 3,
        commitP50Ms: 4,
        commitP99Ms: 5,
      }),
      report('live', { frameWaitP50Ms: 6, frameWaitP99Ms: 8 }),
      report('live', { viewers: 0 }),
    ],
    { p50Ms: 20, p99Ms: 30 },
  )
  expect(states).toEqual([
    { stage: 'hand', p50Ms: 20, p99Ms: 30, queue: null, instances: 0 },
    { stage: 'gateway', p50Ms: 3, p99Ms: 9, queue: 12, instances: 2 },
    { stage: 'log', p50Ms: 2, p99Ms: 3, queue: null, instances: 1 },
    { stage: 'processor', p50Ms: 2, p99Ms: 3, queue: null, instances: 1 },
    { stage: 'store', p50Ms: 4, p99Ms: 5, queue: null, instances: 1 },
    { stage: 'live', p50Ms: 6, p99Ms: 8, queue: null, instances: 2 },
  ])
  expect(stageStates([], { p50Ms: null, p99Ms: null }).every(({ p50Ms }) => p50Ms === null)).toBe(true)
})

test('[LV28] how often trackers flush: the longest of what the gateways ask for', () => {
  const reports = [
    report('gateway', { 'flushMs:1': 50 }),
    report('gateway', { 'flushMs:1': 240, 'flushMs:2': 1_000 }),
  ]
  expect(flushMsOf(reports, 1)).toBe(240)
  expect(flushMsOf(reports, 3)).toBeNull()
})

test('[LV28] the lag from the hand is that of the last five seconds, per site', () => {
  const lag = new SiteLag()
  for (let i = 0; i < 100; i++) lag.add(1, i < 50 ? 10 : 100, 1_000_000)
  lag.add(2, 5_000, 1_000_000)
  expect(lag.quantiles(1, 1_000_500).p50Ms).toBeCloseTo(10, 0)
  expect(lag.quantiles(1, 1_000_500).p99Ms).toBeGreaterThan(90)
  expect(lag.quantiles(1, 1_020_000)).toEqual({ p50Ms: null, p99Ms: null })
  expect(lag.quantiles(3, 1_000_000)).toEqual({ p50Ms: null, p99Ms: null })
})
