// Two gateways, two processors and two live servers on one Kafka and one Redis, visitors and viewers spread over them.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from '@sightline/engine/engine'
import { kafkaBrokers, redisUrl } from '../../toolchain/test-servers.mjs'
import { loadThrough, shownBy } from '../faults/load-through-faults.ts'
import { Installation } from '../installation/installation.ts'
import { StoreWatch } from '../installation/store-watch.ts'
import { exactnessFaults, sumOf, type SentEvents } from './exactness.ts'
import { ViewerClient } from './viewer-client.ts'

const takeOverMsMax = 10_000
const viewersPerServer = 3

let installation: Installation
let engine: Engine
let watch: StoreWatch
let viewers: ViewerClient[] = []
/** Of all tests so far. */
const sent: SentEvents[] = []

beforeAll(async () => {
  const shape = { gateways: 2, processors: 2, lives: 2 }
  installation = await Installation.start(
    { kind: 'kafka', brokers: kafkaBrokers(), redisUrl: redisUrl() },
    shape,
  )
  engine = await installation.openEngine()
  watch = await StoreWatch.begin(engine)
})

afterAll(async () => {
  for (const viewer of viewers) viewer.close()
  await watch?.stop()
  await engine?.close()
  await installation?.stop()
})

async function openViewers(): Promise<ViewerClient[]> {
  const [one, two] = installation.liveUrls
  viewers = []
  for (let i = 0; i < viewersPerServer; i++)
    viewers.push(new ViewerClient([one, two]), new ViewerClient([two, one]))
  await Promise.all(viewers.map((viewer) => viewer.open()))
  await expect.poll(() => viewers.every(({ snapshots }) => snapshots > 0), { timeout: 10_000 }).toBe(true)
  return viewers
}

/** Load over both gateways, until what is done meanwhile has ended. */
async function loadBoth(eventsPerSecond: number, meanwhile: () => Promise<void>): Promise<SentEvents> {
  const done = meanwhile()
  const half = { eventsPerSecond: eventsPerSecond / 2, visitors: 60 }
  const both = [0, 1].map((gateway) => loadThrough(installation, { ...half, gateway }, () => done))
  const result = sumOf(await Promise.all(both))
  sent.push(result)
  return result
}

/** Both live servers, over the API and to every viewer, show exactly what was sent. */
async function expectExactEverywhere(): Promise<void> {
  const events = sumOf(sent)
  await watch.drained()
  for (const live of [0, 1]) {
    const shown = await shownBy(installation, events, live)
    expect(exactnessFaults(events, shown)).toEqual([])
    expect(shown.ledger.counted).toBe(events.sent)
  }
  await Promise.all(viewers.map((viewer) => viewer.shown(events.sent)))
  for (const viewer of viewers) expect(viewer.numbers?.countedEvents).toBe(events.sent)
}

test('viewers of a killed live server go on at the other one: no gap, and every point exactly once', async () => {
  await openViewers()
  const { moves: movesBefore, clicks: clicksBefore } = await totals()
  await loadBoth(4_000, async () => {
    await sleep(2_500)
    await installation.lives[0].kill('SIGKILL')
    await sleep(2_500)
  })
  await installation.lives[0].start()
  await expectExactEverywhere()
  const { moves, clicks } = await totals()
  const pointers = moves - movesBefore + clicks - clicksBefore
  const moved = viewers.filter(({ reconnects }) => reconnects > 0)
  expect(moved).toHaveLength(viewersPerServer)
  for (const viewer of viewers) {
    expect(viewer.breaks).toEqual([])
    expect(viewer.gaps).toEqual([])
    expect(viewer.sampled || viewer.skippedPoints > 0).toBe(false)
    await expect.poll(() => viewer.points, { timeout: 5_000 }).toBe(pointers)
  }
  process.stdout.write(`  ${JSON.stringify({ pointers, points: viewers.map(({ points }) => points) })}\n`)
})

test('killing either processor moves its partitions within ten seconds; totals are exact everywhere', async () => {
  for (const viewer of viewers) viewer.close()
  await openViewers()
  const takenOverMs: number[] = []
  await loadBoth(10_000, async () => {
    for (const processor of installation.processors) {
      await installation.ownsPartitions(processor)
      await sleep(1_500)
      const owners = watch.epochs()
      const killedMs = performance.now()
      await processor.kill('SIGKILL')
      takenOverMs.push((await watch.takenOver(owners, 3 * takeOverMsMax)) - killedMs)
      // Both have their share again before the other one is killed.
      const survivors = watch.epochs()
      await processor.start()
      await watch.takenOver(survivors, 3 * takeOverMsMax)
    }
  })
  process.stdout.write(
    `  ${JSON.stringify({ takenOverMs, viewers: viewers.map(({ frames, gaps }) => ({ frames, gaps })) })}\n`,
  )
  for (const ms of takenOverMs) expect(ms).toBeLessThan(takeOverMsMax)
  await expectExactEverywhere()
  for (const viewer of viewers) expect(viewer.breaks).toEqual([])
})

function totals(): Promise<{ moves: number; clicks: number }> {
  return installation.get('/api/v1/sites/1/totals', 1)
}
