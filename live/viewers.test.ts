import { randomTraffic, type PlainRecord } from '@sightline/aggregates/random-traffic.fixture'
import { closures } from '@sightline/protocol/errors'
import { limits } from '@sightline/protocol/limits'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunningLive } from './main.ts'
import { TestInstallation, until } from './test-installation.fixture.ts'
import { isChain, TestViewer } from './test-viewer.fixture.ts'

let installation: TestInstallation
const viewers: TestViewer[] = []

beforeEach(async () => {
  installation = await TestInstallation.open()
})

afterEach(async () => {
  for (const viewer of viewers.splice(0)) viewer.sendRaw('bye')
  await installation.destroy()
})

async function connect(live: RunningLive): Promise<TestViewer> {
  const viewer = await TestViewer.connect(live.url)
  viewers.push(viewer)
  return viewer
}

/**
 * Waits until both servers show the same ledger for longer than a new partition may stay unseen (500 ms): a server that
 * finds a partition only after a viewer has resumed shows that partition's points from their beginning.
 */
async function sameState(one: RunningLive, other: RunningLive): Promise<void> {
  const received = async ({ url }: RunningLive) =>
    ((await (await fetch(`${url}/api/v1/sites/1/ledger`)).json()) as { received: number }).received
  for (let [same, before] = [0, -1]; same < 15;) {
    const [mine, others] = [await received(one), await received(other)]
    same = mine === others && mine === before ? same + 1 : 0
    before = mine
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const traffic = (seed: number, records: number) =>
  randomTraffic({
    seed,
    records,
    startMs: Date.now() - 20_000,
    pauseMsMax: 20,
    copies: 0,
    losses: 0,
    delays: 0,
  })
const pointsOf = (records: readonly PlainRecord[], site = 1) =>
  records
    .filter((one) => one.site === site)
    .reduce((sum, { moves, clicks }) => sum + moves.length + clicks.length, 0)

test('[LV6, LV7] subscribes, sees every point once in an unbroken chain, and the sums in the slices', async () => {
  const records = traffic(1, 240)
  await installation.fold(records.slice(0, 40), 10)
  const live = await installation.startLive()
  const viewer = await connect(live)
  viewer.subscribe()
  await until('the snapshot is there', () => viewer.frames.length > 0)
  const { header } = viewer.frames[0]
  expect(header.type).toBe('snapshot')
  for (const slice of [
    'numbers',
    'ring',
    'buttons',
    'pages',
    'edges',
    'sessions',
    'stages',
    'ledger',
  ] as const) {
    expect(header[slice], slice).toBeDefined()
  }
  expect(header.ring).toHaveLength(limits.ringSeconds)
  await installation.fold(records.slice(40), 10)
  const points = pointsOf(records.slice(40))
  await until('all points are there', () => viewer.pointCount() >= points)
  expect(viewer.pointCount()).toBe(points)
  expect(isChain(viewer.frames)).toBe(true)
  const ledger = (await (await fetch(`${live.url}/api/v1/sites/1/ledger`)).json()) as { counted: number }
  await until('the ledger is in a frame', () =>
    viewer.frames.some((frame) => frame.header.ledger?.counted === ledger.counted),
  )
})

test('[LV12] resumes on another live server where the first one left off', async () => {
  const records = traffic(2, 150)
  const [first, second] = [await installation.startLive(), await installation.startLive()]
  const viewer = await connect(first)
  viewer.subscribe()
  await installation.fold(records.slice(0, 60), 10)
  await until('the first part is there', () => viewer.pointCount() === pointsOf(records.slice(0, 60)))
  await viewer.close()
  viewers.pop()
  await installation.fold(records.slice(60, 120), 10)
  await sameState(first, second)
  const again = await connect(second)
  again.subscribe(viewer.cursor)
  await installation.fold(records.slice(120), 10)
  const rest = pointsOf(records.slice(60))
  await until('the rest is there', () => again.pointCount() >= rest)
  expect(again.pointCount()).toBe(rest)
  expect(again.frames[0].header).toMatchObject({ type: 'delta', from: viewer.cursor })
  expect(again.frames[0].header.gap).toBeUndefined()
  const continued = again.frames.every(
    ({ header }, i) => header.from === (i === 0 ? viewer.cursor : again.frames[i - 1].header.to),
  )
  expect(continued).toBe(true)
})

test('[LV14] paused: nothing comes, and the site is not watched; resumed: what was missed', async () => {
  const records = traffic(3, 90)
  const live = await installation.startLive()
  const viewer = await connect(live)
  viewer.subscribe()
  await installation.fold(records.slice(0, 30), 10)
  await until('the first part is there', () => viewer.pointCount() === pointsOf(records.slice(0, 30)))
  expect(installation.engine.registry.watched().has(1)).toBe(true)
  viewer.say({ type: 'pause' })
  await new Promise((resolve) => setTimeout(resolve, 100))
  const frames = viewer.frames.length
  const { cursor } = viewer
  await installation.fold(records.slice(30), 10)
  await new Promise((resolve) => setTimeout(resolve, limits.viewerFrameMsMax + 300))
  expect(viewer.frames.length).toBe(frames)
  await until(
    'it is not watched',
    () => !installation.engine.registry.watched().has(1),
    limits.presenceMs + 2_000,
  )
  viewer.say({ type: 'resume', cursor })
  await until('the rest is there', () => viewer.pointCount(frames) === pointsOf(records.slice(30)))
  expect(viewer.frames[frames].header.from).toBe(cursor)
})

test('[LV14] one paused and the other left: the view was thrown away, and the first got nothing after its resume', async () => {
  const live = await installation.startLive()
  const [paused, other] = [await connect(live), await connect(live)]
  paused.subscribe()
  other.subscribe()
  await until('both have a snapshot', () => paused.frames.length > 0 && other.frames.length > 0)
  paused.say({ type: 'pause' })
  await new Promise((resolve) => setTimeout(resolve, 50))
  await other.close()
  viewers.pop()
  paused.say({ type: 'resume', cursor: paused.cursor })
  const records = traffic(4, 30)
  await installation.fold(records)
  await until('points come', () => paused.pointCount() === pointsOf(records))
})

test('[LV7] points of the first commits of a partition that is new were shown to nobody', async () => {
  const live = await installation.startLive()
  const viewer = await connect(live)
  viewer.subscribe()
  await until('the snapshot is there', () => viewer.frames.length > 0)
  const records = traffic(7, 60)
  await installation.foldInto(9, records, 20)
  await until('they are there', () => viewer.pointCount() === pointsOf(records), 3_000)
  expect(isChain(viewer.frames)).toBe(true)
})

test('[LV6] another view on the same socket begins with its snapshot, and gets only its own points', async () => {
  const records = traffic(5, 80)
  const live = await installation.startLive()
  const viewer = await connect(live)
  viewer.subscribe()
  await until('the snapshot is there', () => viewer.frames.length > 0)
  viewer.subscribe(null, { site: 2 })
  await until(
    'the second snapshot is there',
    () => viewer.frames.filter(({ header }) => header.type === 'snapshot').length === 2,
  )
  const from = viewer.frames.findLastIndex(({ header }) => header.type === 'snapshot')
  await installation.fold(records, 10)
  await until('its points are there', () => viewer.pointCount(from) === pointsOf(records, 2))
})

test('[LV9] a quiet server still says something every second', async () => {
  const live = await installation.startLive()
  const viewer = await connect(live)
  viewer.subscribe()
  await new Promise((resolve) => setTimeout(resolve, 3_500))
  expect(viewer.frames.length).toBeGreaterThanOrEqual(3)
})

test('[LV11] who does not read is closed, while the others get every point', async () => {
  // Patience runs out ten times as fast.
  const clock = { now: () => Date.now(), monotonicMs: () => performance.now() * 10 }
  const live = await installation.startLive({ clock })
  const [stalled, good] = [await connect(live), await connect(live)]
  stalled.subscribe()
  good.subscribe()
  await until('both have a snapshot', () => stalled.frames.length > 0 && good.frames.length > 0)
  stalled.draws = false
  stalled.stall()
  const records = traffic(6, 400)
  for (let from = 0; from < records.length; from += 10) {
    await installation.fold(records.slice(from, from + 10))
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await until('it is reported', async () => {
    const reports = await installation.engine.registry.reports()
    return reports.some(({ figures }) => figures.slowClosed === 1)
  })
  await until('the good one has every point', () => good.pointCount() === pointsOf(records))
  expect(good.closed).toBeNull()
  expect(good.frames.every(({ header }) => header.skippedPoints === 0)).toBe(true)
  expect(isChain(good.frames)).toBe(true)
})

test('[LV15] what is not in the protocol closes with 1008, and nobody else notices', async () => {
  const live = await installation.startLive()
  const good = await connect(live)
  good.subscribe()
  const bad = [
    'not json',
    '{}',
    '{"type":"subscribe","site":"1"}',
    JSON.stringify({
      type: 'subscribe',
      site: 1,
      page: 'x'.repeat(limits.pageBytesMax + 1),
      layout: null,
      cursor: null,
    }),
    JSON.stringify({ type: 'subscribe', site: 999, page: null, layout: null, cursor: null }),
    Buffer.from([1, 2, 3]),
  ]
  for (const message of bad) {
    const viewer = await TestViewer.connect(live.url)
    viewer.sendRaw(message)
    await until(`closed for ${message.toString().slice(0, 40)}`, () => viewer.closed !== null)
    expect(viewer.closed?.code).toBe(closures.policy.code)
  }
  const huge = await TestViewer.connect(live.url)
  huge.sendRaw('x'.repeat(limits.viewerTextBytesMax + 1))
  await until('the huge one is closed', () => huge.closed !== null)
  expect(huge.closed?.code).toBe(closures['frame-too-large'].code)
  const loud = await TestViewer.connect(live.url)
  for (let i = 0; i <= limits.viewerMessagesPerSecondMax; i++) loud.say({ type: 'seen', sequence: i })
  await until('the loud one is closed', () => loud.closed !== null)
  expect(loud.closed?.code).toBe(closures.policy.code)
  expect(good.closed).toBeNull()
  expect(installation.lines).toEqual([])
})

test('[LV16] at the end all viewers are told, and one that does not answer is not waited for', async () => {
  const live = await installation.startLive()
  const [good, stalled] = [await connect(live), await connect(live)]
  good.subscribe()
  stalled.subscribe()
  await until('both have a snapshot', () => good.frames.length > 0 && stalled.frames.length > 0)
  stalled.stall()
  const beganMs = performance.now()
  await live.close()
  expect(performance.now() - beganMs).toBeLessThan(limits.endingMsMax + 2_000)
  await until('the good one is closed', () => good.closed !== null)
  expect(good.closed?.code).toBe(closures.closing.code)
  await expect(fetch(`${live.url}/api/v1/config`)).rejects.toThrow()
  viewers.length = 0
})

test('[LV17, LV28] what is looked at is watched at once; reports say how long commits wait for their frame', async () => {
  const live = await installation.startLive()
  const { registry } = installation.engine
  expect(registry.watched().has(2)).toBe(false)
  const viewer = await connect(live)
  viewer.subscribe(null, { site: 2 })
  await until('it is watched', () => registry.watched().has(2), 500)
  let seed = 100
  await until('the wait is reported', async () => {
    await installation.fold(traffic(seed++, 10))
    const [report] = await registry.reports()
    return report?.stage === 'live' && report.figures.frameWaitP50Ms !== undefined
  })
  const [{ figures }] = await registry.reports()
  expect(figures.frameWaitP50Ms).toBeGreaterThan(0)
  expect(figures.frameWaitP50Ms).toBeLessThan(500)
  expect(figures).toMatchObject({ viewers: 1, views: 1, slowClosed: 0, unreadable: 0 })
  expect(figures.framesPerSecond).toBeGreaterThan(0)
})
