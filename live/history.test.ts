import { seriesTotal, distinctSessions, timeSeries } from '@sightline/aggregates/queries/time-series'
import { randomTraffic, type PlainRecord } from '@sightline/aggregates/random-traffic.fixture'
import { series } from '@sightline/aggregates/series'
import { sessions } from '@sightline/aggregates/sessions'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { coverOf, seriesCover } from './asked-range.ts'
import { History } from './history.ts'
import { TestClock, TestInstallation, until } from './test-installation.fixture.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const startMs = Date.UTC(2027, 5, 14, 9, 50)
const site = { site: 1, page: null, layout: null }
let installation: TestInstallation

beforeEach(async () => {
  installation = await TestInstallation.open()
})

afterEach(() => installation.destroy())

const traffic = (seed: number, records: number, from = startMs) =>
  randomTraffic({
    seed,
    records,
    startMs: from,
    firstVisitor: 20 * seed,
    pauseMsMax: 3_000,
    copies: 0,
    losses: 0,
    delays: 0,
  })
const eventsOf = (records: readonly PlainRecord[]) =>
  records.filter((record) => record.site === 1).reduce((sum, { n }) => sum + n, 0)

async function start(nowMs: number) {
  const clock = new TestClock(nowMs)
  const follower = await installation.startFollower(clock)
  const history = new History({ follower, store: installation.engine.store, clock })
  return { clock, follower, history }
}

test('[LV20] what is older than memory is read from blobs: hours, days, and what is recent besides', async () => {
  const old = traffic(1, 300)
  const oldEndMs = old[old.length - 1].recordMs
  await installation.fold(old, 30)
  await installation.checkpoint()
  const nowMs = oldEndMs + 30 * hourMs
  const { history } = await start(nowMs)
  const recent = traffic(2, 100, nowMs - 600_000)
  await installation.fold(recent, 30)
  await installation.checkpoint()
  // Partitions that are new are found one after the other: the first batch alone said nothing of the others.
  const recentBatches = recent.filter((record) => record.site === 1).length
  await until('all that is recent is in memory', async () => {
    const cover = coverOf(series, { from: nowMs - hourMs, to: nowMs }, nowMs)
    return seriesTotal(await history.states(series, 1, cover), site, cover).batches === recentBatches
  })
  const cover = coverOf(series, { from: startMs - hourMs, to: nowMs }, nowMs)
  expect(new Set(cover.parts.map(({ resolution }) => resolution)).size).toBeGreaterThan(1)
  const total = seriesTotal(await history.states(series, 1, cover), site, cover)
  expect(total.moves + total.clicks + total.scrolls + total.marks + total.other).toBe(
    eventsOf([...old, ...recent]),
  )
  const sessionCover = coverOf(sessions, { from: startMs, to: nowMs }, nowMs)
  const { sessions: distinct } = distinctSessions(
    await history.states(sessions, 1, sessionCover),
    site,
    sessionCover,
  )
  const everybody = [...old, ...recent].filter((record) => record.site === 1)
  expect(distinct).toBe(new Set(everybody.map(({ session }) => session)).size)
})

test('[LV20] months later the days are still there; the minutes are not, and none are made up', async () => {
  const old = traffic(3, 200)
  await installation.fold(old, 30)
  await installation.checkpoint()
  const nowMs = startMs + 60 * dayMs
  const { history } = await start(nowMs)
  const { resolution, cover } = seriesCover(
    { from: startMs - dayMs, to: startMs + 2 * dayMs },
    undefined,
    nowMs,
  )
  expect(resolution).toBe('day')
  const points = timeSeries(
    await history.states(series, 1, cover),
    site,
    resolution,
    cover.fromMs,
    cover.toMs,
  )
  expect(
    points.map(({ moves, clicks, scrolls, marks, other }) => moves + clicks + scrolls + marks + other),
  ).toEqual([0, eventsOf(old), 0, 0])
  const minutes = seriesCover({ from: startMs, to: startMs + hourMs }, 'minute', nowMs)
  expect(minutes.cover.parts).toEqual([])
})

test('[LV20] an increment that came too late left an empty bucket in memory, which was taken for all there is', async () => {
  const old = traffic(4, 120)
  await installation.fold(old, 30)
  await installation.checkpoint()
  const nowMs = startMs + 5 * hourMs
  const { history, follower } = await start(nowMs)
  const late = traffic(5, 60, startMs + 300_000)
  await installation.fold(late, 30)
  await installation.checkpoint()
  await until(
    'it has arrived',
    () => follower.cursors.reduce((sum, cursor) => sum + (cursor?.next ?? 0), 0) === 180,
  )
  const cover = coverOf(series, { from: startMs - hourMs, to: startMs + hourMs }, nowMs)
  const total = seriesTotal(await history.states(series, 1, cover), site, cover)
  // Late records count when they came, as far as lateness goes; none may be missing or doubled.
  expect(total.batches).toBe([...old, ...late].filter((record) => record.site === 1).length)
})

test('[LV20] one site’s question does not load the others’ cells', async () => {
  await installation.fold(traffic(6, 150), 50)
  await installation.checkpoint()
  const nowMs = startMs + 5 * hourMs
  const { history } = await start(nowMs)
  const cover = coverOf(series, { from: startMs, to: startMs + hourMs }, nowMs)
  const states = await history.states(series, 1, cover)
  expect(seriesTotal(states, site, cover).batches).toBeGreaterThan(0)
  expect(seriesTotal(states, { ...site, site: 2 }, cover).batches).toBe(0)
})

test('[LV20] what was read is believed for a minute, then read again', async () => {
  await installation.fold(traffic(7, 60), 50)
  await installation.checkpoint()
  const nowMs = startMs + 5 * hourMs
  const clock = new TestClock(nowMs)
  const follower = await installation.startFollower(clock)
  let reads = 0
  const { store } = installation.engine
  const counting = {
    readBlobs: (...args: Parameters<typeof store.readBlobs>) => (reads++, store.readBlobs(...args)),
  }
  const history = new History({ follower, store: counting, clock })
  const cover = coverOf(series, { from: startMs, to: startMs + hourMs }, nowMs)
  await history.states(series, 1, cover)
  const first = reads
  await history.states(series, 1, cover)
  expect(reads).toBe(first)
  clock.ms += 61_000
  await history.states(series, 1, cover)
  expect(reads).toBe(2 * first)
})

test('[LV20] a store that does not answer: unavailable after a while, and what is recent is answered at once', async () => {
  await installation.fold(traffic(8, 30))
  const nowMs = startMs + 5 * hourMs
  const clock = new TestClock(nowMs)
  const follower = await installation.startFollower(clock)
  const history = new History({
    follower,
    store: { readBlobs: () => new Promise(() => {}) },
    clock,
    msMax: 50,
  })
  const old = coverOf(series, { from: startMs, to: startMs + hourMs }, nowMs)
  await expect(history.states(series, 1, old)).rejects.toMatchObject({ name: 'Unavailable' })
  const recent = coverOf(series, { from: nowMs - 300_000, to: nowMs }, nowMs)
  expect(await history.states(series, 1, recent)).toEqual(follower.present())
})
