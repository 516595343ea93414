import { limits } from '@sightline/protocol/limits'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OnePartition } from './one-partition.fixture.ts'
import { activeSessions, liveNumbers, ringSeconds } from './queries/live-numbers.ts'
import { ring as ringAggregate } from './ring.ts'
import { randomTraffic, trafficStartMs, type PlainRecord } from './random-traffic.fixture.ts'

const idleSeconds = limits.sessionIdleMs / 1_000

/** Traffic in which time never goes back. */
function orderedTraffic(seed: number, records: number, pauseMsMax: number): PlainRecord[] {
  let newest = 0
  return randomTraffic({ seed, records, pauseMsMax, visitors: 8 }).map((record) => {
    newest = Math.max(newest, record.recordMs)
    return { ...record, recordMs: newest }
  })
}

function accepted(partition: OnePartition, records: readonly PlainRecord[], site: number): PlainRecord[] {
  return records.filter((record, i) => record.site === site && partition.verdicts[i] === 'new')
}

const secondOf = (record: PlainRecord) => Math.floor(record.recordMs / 1_000)

test('[R2] active sessions of every second are those with a record within five minutes', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.constantFrom(3_000, 20_000, 200_000), (seed, pauseMsMax) => {
      const records = orderedTraffic(seed, 120, pauseMsMax)
      const partition = new OnePartition().run(records, () => 9)
      const counted = accepted(partition, records, 1)
      const now = secondOf(records[records.length - 1])
      const rows = ringSeconds([partition.state], 1, now - limits.ringSeconds + 1, now, now)
      expect(rows).toHaveLength(limits.ringSeconds)
      for (const row of rows.filter((_, i) => i % 10 === 9)) {
        const sessions = counted
          .filter((record) => secondOf(record) <= row.second && secondOf(record) > row.second - idleSeconds)
          .map(({ session }) => session)
        expect(row.activeSessions, `second ${row.second}`).toBe(new Set(sessions).size)
      }
      expect(activeSessions([partition.state], 1, now)).toBe(rows[rows.length - 1].activeSessions)
    }),
    { numRuns: 20 },
  )
})

test('[R2] active sessions end by themselves when time goes on without records', () => {
  const records = orderedTraffic(4, 60, 1_000)
  const partition = new OnePartition().run(records, () => 60)
  const now = secondOf(records[records.length - 1])
  expect(activeSessions([partition.state], 1, now)).toBeGreaterThan(3)
  expect(activeSessions([partition.state], 1, now + idleSeconds)).toBe(0)
})

test('[R1] a second has the events of the records received in it', () => {
  const records = orderedTraffic(11, 200, 1_000)
  const partition = new OnePartition().run(records, () => 13)
  const counted = accepted(partition, records, 1)
  const now = secondOf(records[records.length - 1])
  for (const row of ringSeconds([partition.state], 1, now - 60, now, now)) {
    const here = counted.filter((record) => secondOf(record) === row.second)
    expect(row.moves).toBe(here.reduce((sum, { moves }) => sum + moves.length, 0))
    expect(row.clicks).toBe(here.reduce((sum, { clicks }) => sum + clicks.length, 0))
    expect(row.handP50Ms === null).toBe(here.every(({ hasClock, n, unknown }) => !hasClock || n === unknown))
  }
  const events = counted.filter((record) => secondOf(record) < now && secondOf(record) >= now - 5)
  const numbers = liveNumbers([partition.state], 1, now * 1_000 + 10)
  expect(numbers.eventsPerSecond).toBeCloseTo(events.reduce((sum, { n }) => sum + n, 0) / 5)
})

test('[R1] a wild clock fills the ring of a site up to its limit only, and the present stays', () => {
  const records = randomTraffic({ seed: 2, records: 3_000, pauseMsMax: 50, losses: 0, delays: 0, copies: 0 })
  let wild = 0
  const list = records.map((record, i) =>
    i > 100 && i % 2 === 0 ? { ...record, recordMs: trafficStartMs + 90_000_000 + ++wild * 1_000 } : record,
  )
  const partition = new OnePartition().run(list, () => 50)
  const cells = [1, 2].map((site) => partition.state.store(ringAggregate).cell(`${site}`)!)
  for (const { rows } of cells) expect(rows.size).toBeLessThanOrEqual(limits.ringRowsMax)
  const now = Math.floor(records[2_999].recordMs / 1_000)
  expect(ringSeconds([partition.state], 1, now - 5, now, now).every(({ moves }) => moves > 0)).toBe(true)
})
