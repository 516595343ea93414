import { randomTraffic, type PlainRecord } from '@sightline/aggregates/random-traffic.fixture'
import { limits } from '@sightline/protocol/limits'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { RecentCommits } from './recent-commits.ts'
import { resumeFrom } from './resume.ts'
import type { StoreFollower } from './store-follower.ts'
import { TestClock, TestInstallation, until } from './test-installation.fixture.ts'

let installation: TestInstallation
let clock: TestClock
const key = { site: 1, page: null, layout: null }

beforeEach(async () => {
  installation = await TestInstallation.open()
  clock = new TestClock()
})

afterEach(() => installation.destroy())

const traffic = (seed: number, records: number) =>
  randomTraffic({ seed, records, copies: 0, losses: 0, delays: 0 })
const pointsOf = (records: readonly PlainRecord[]) =>
  records
    .filter(({ site }) => site === 1)
    .reduce((sum, { moves, clicks }) => sum + moves.length + clicks.length, 0)
const cursorOf = (follower: StoreFollower) => encodeCursor(follower.cursors)
const next = (follower: StoreFollower) => follower.cursors[5]?.next ?? 0

test('[LV12] the points of all commits since the cursor', async () => {
  const records = traffic(1, 90)
  const follower = await installation.startFollower(clock)
  await installation.foldInto(5, records.slice(0, 40), 10)
  await until('it is followed', () => next(follower) === 40)
  const cursor = cursorOf(follower)
  await installation.foldInto(5, records.slice(40), 10)
  await until('it is followed', () => next(follower) === 90)
  const resumed = resumeFrom(follower, key, cursor)
  expect('missed' in resumed && resumed.missed.count).toBe(pointsOf(records.slice(40)))
  const page = resumeFrom(follower, { ...key, page: '/cart' }, cursor)
  const onPage = records.slice(40).filter((record) => record.page === '/cart')
  expect('missed' in page && page.missed.count).toBe(pointsOf(onPage))
})

test('[LV12] on a server that started only now: what the store still holds counts', async () => {
  const records = traffic(2, 80)
  const first = await installation.startFollower(clock)
  await installation.foldInto(5, records.slice(0, 30), 10)
  await until('it is followed', () => next(first) === 30)
  const cursor = cursorOf(first)
  await installation.foldInto(5, records.slice(30), 10)
  const second = await installation.startFollower(clock)
  const resumed = resumeFrom(second, key, cursor)
  expect('missed' in resumed && resumed.missed.count).toBe(pointsOf(records.slice(30)))
})

test('[LV13] a cursor from before a partition began was taken for complete although its first commits were gone', async () => {
  const records = traffic(3, 60)
  const follower = await installation.startFollower(clock)
  const cursor = cursorOf(follower)
  expect(decodeCursor(cursor, limits.logPartitions)?.[5]).toBeNull()
  await installation.foldInto(5, records.slice(0, 30), 10)
  await until('it is followed', () => next(follower) === 30)
  const early = resumeFrom(follower, key, cursor)
  expect('missed' in early && early.missed.count).toBe(pointsOf(records.slice(0, 30)))

  clock.pass(limits.resumeWindowMs + 1)
  await installation.foldInto(5, records.slice(30), 10)
  await until('it is followed', () => next(follower) === 60)
  expect(resumeFrom(follower, key, cursor)).toEqual({ gap: { reason: 'too-old', records: 0 } })
})

test('[LV13] too old: the gap has the number of records', async () => {
  const records = traffic(4, 60)
  const follower = await installation.startFollower(clock)
  await installation.foldInto(5, records.slice(0, 20), 10)
  await until('it is followed', () => next(follower) === 20)
  const cursor = cursorOf(follower)
  await installation.foldInto(5, records.slice(20, 40), 10)
  await until('it is followed', () => next(follower) === 40)
  clock.pass(limits.resumeWindowMs + 1)
  await installation.foldInto(5, records.slice(40), 10)
  await until('it is followed', () => next(follower) === 60)
  expect(resumeFrom(follower, key, cursor)).toEqual({ gap: { reason: 'too-old', records: 40 } })
})

test('[LV13] ahead of the state, or of a state that is gone: rolled back', async () => {
  const follower = await installation.startFollower(clock)
  await installation.foldInto(5, traffic(5, 20), 10)
  await until('it is followed', () => next(follower) === 20)
  const offsets = follower.cursors.map((cursor) => cursor?.next ?? null)
  const text = (changed: Record<number, number>) =>
    encodeCursor(
      offsets.map((offset, i) =>
        (changed[i] ?? offset) === null ? null : { next: changed[i] ?? offset ?? 0, epoch: 0 },
      ),
    )
  expect(resumeFrom(follower, key, text({ 5: 21 }))).toEqual({ gap: { reason: 'rolled-back', records: 0 } })
  expect(resumeFrom(follower, key, text({ 6: 3 }))).toEqual({ gap: { reason: 'rolled-back', records: 0 } })
  expect('missed' in resumeFrom(follower, key, text({}))).toBe(true)
})

test('[LV13] what is no cursor of this installation', async () => {
  const follower = await installation.startFollower(clock)
  for (const text of [
    '',
    '1.2',
    'ü'.repeat(12),
    Array(12).fill('zzzzzzzzzzzz').join('.'),
    Array(12).fill('-1').join('.'),
  ]) {
    expect(resumeFrom(follower, key, text)).toEqual({ gap: { reason: 'too-old', records: 0 } })
  }
})

test('[LV12] recent commits are bounded in bytes: the oldest of all partitions goes first', () => {
  const recent = new RecentCommits(3)
  const size = limits.resumeBytesMax / 4
  const commit = (first: number) => ({ first, next: first + 1, publicDelta: new Uint8Array(size) })
  recent.add(2, commit(0), 1)
  recent.add(0, commit(0), 2)
  recent.add(1, commit(0), 3)
  recent.add(0, commit(1), 4)
  expect(recent.since(2, 0, 1)).toHaveLength(1)
  recent.add(1, commit(1), 5)
  expect(recent.since(2, 0, 1)).toBeNull()
  expect(recent.since(0, 0, 2)).toHaveLength(2)
  recent.forget(0)
  recent.add(2, commit(1), 6)
  recent.add(2, commit(2), 7)
  expect(recent.since(1, 0, 2)).toHaveLength(2)
})
