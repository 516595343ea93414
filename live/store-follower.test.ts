import { siteLedger } from '@sightline/aggregates/queries/site-ledger'
import { randomTraffic } from '@sightline/aggregates/random-traffic.fixture'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StoreFollower } from './store-follower.ts'
import { TestClock, TestInstallation, until } from './test-installation.fixture.ts'

let installation: TestInstallation

beforeEach(async () => {
  installation = await TestInstallation.open()
})

afterEach(() => installation.destroy())

const counted = (follower: StoreFollower) =>
  siteLedger(follower.present(), 1).counted + siteLedger(follower.present(), 2).counted
const traffic = (seed: number, records: number) =>
  randomTraffic({ seed, records, copies: 0, losses: 0, delays: 0 })
const events = (records: readonly { n: number }[]) => records.reduce((sum, { n }) => sum + n, 0)

test('[LV1] blobs, the commits behind them, and those that come give what was folded', async () => {
  const records = traffic(1, 300)
  await installation.fold(records.slice(0, 100), 10)
  await installation.checkpoint()
  await installation.fold(records.slice(100, 200), 10)
  const follower = await installation.startFollower()
  expect(counted(follower)).toBe(events(records.slice(0, 200)))
  await installation.fold(records.slice(200), 10)
  await until('all is followed', () => counted(follower) === events(records))
  expect(follower.newestRecordMs).toBe(records[records.length - 1].recordMs)
})

test('[LV2] partitions that are created later are found, followed, and counted once', async () => {
  const records = traffic(2, 200)
  const follower = await installation.startFollower()
  let changes = 0
  follower.events = { changed: () => void changes++, reset: () => {} }
  await installation.foldInto(3, records.slice(0, 50), 5)
  await until('partition 3 appeared', () => follower.states[3] !== null, 2_000)
  await installation.foldInto(7, records.slice(50, 100), 5)
  await installation.foldInto(3, records.slice(100, 150), 5)
  await until('partition 7 appeared', () => follower.states[7] !== null, 2_000)
  await installation.foldInto(7, records.slice(150), 5)
  await until('all is followed', () => counted(follower) >= events(records))
  expect(counted(follower)).toBe(events(records))
  expect(changes).toBeGreaterThan(2)
})

test('[LV2] commits that arrive while following is begun anew for a new partition are counted once', async () => {
  const records = traffic(3, 400)
  await installation.owner(0)
  const follower = await installation.startFollower()
  // New partitions appear all the time while partition 0 is busy.
  for (let i = 0; i < 8; i++) {
    await installation.foldInto(0, records.slice(i * 40, i * 40 + 40), 2)
    await installation.foldInto(i + 1, records.slice(320 + i * 10, 330 + i * 10))
  }
  await until('all is followed', () => counted(follower) >= events(records))
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(counted(follower)).toBe(events(records))
})

test('[LV3] a store that went back is loaded anew, and what comes then is followed', async () => {
  const records = traffic(4, 60)
  const follower = await installation.startFollower()
  let resets = 0
  follower.events = { changed() {}, reset: () => void resets++ }
  await installation.foldInto(2, records.slice(0, 40), 10)
  await until('it is followed', () => counted(follower) === events(records.slice(0, 40)))

  installation.sql('DELETE FROM commits WHERE partition = 2 AND next > 20')
  installation.sql('UPDATE partitions SET next = 20, epoch = epoch + 1000000000 WHERE partition = 2')
  const claim = await installation.engine.store.claim(
    2,
    'another',
    await installation.engine.log.identity(),
    0,
  )
  expect(claim).toMatchObject({ outcome: 'ok', next: 20 })
  await until('it is loaded anew', () => resets > 0)
  expect(counted(follower)).toBe(events(records.slice(0, 20)))
})

test('[LV4] a partition that can’t be loaded kept the others that appeared with it from being followed', async () => {
  const records = traffic(5, 90)
  const follower = await installation.startFollower()
  await installation.foldInto(4, records.slice(0, 20))
  await installation.checkpoint()
  installation.sql("UPDATE blobs SET bytes = x'0102' WHERE partition = 4")
  await installation.foldInto(5, records.slice(20, 50))
  await until('partition 5 appeared', () => follower.states[5] !== null)
  await until('partition 4 is known to be unreadable', () => follower.unreadable === 1)
  await installation.foldInto(5, records.slice(50), 5)
  await until('partition 5 is followed', () => counted(follower) === events(records.slice(20)))
  await until('it is said', () =>
    installation.lines.some(({ msg }) => msg.startsWith("partition 4 can't be loaded")),
  )
  expect(installation.lines.length).toBe(1)

  installation.sql('DELETE FROM blobs WHERE partition = 4')
  await until('it is read when it can be', () => follower.unreadable === 0)
  expect(counted(follower)).toBe(events(records))
})

test('[LV4] a damaged commit ended following for ever; that partition alone is lost until its blobs hold it', async () => {
  const records = traffic(6, 80)
  const follower = await installation.startFollower()
  await installation.foldInto(6, records.slice(0, 20), 10)
  await installation.foldInto(7, records.slice(20, 40))
  await until('both are followed', () => counted(follower) === events(records.slice(0, 40)))

  // Whole by its checksum, but no delta: what a fault of the writer would look like.
  const { store } = installation.engine
  const { one, epoch } = await installation.owner(6)
  const broken = new Uint8Array([1, 2, 3, 255, 255, 255])
  await store.commit(6, epoch, { first: 20, next: 21, publicDelta: broken, privatePart: broken, floor: 0 })
  one.next = 21
  await until('partition 6 is given up', () => follower.states[6] === null)
  await installation.foldInto(7, records.slice(40), 10)
  await until('partition 7 is followed', () => counted(follower) === events(records.slice(20)), 15_000)

  await installation.checkpoint()
  installation.sql('DELETE FROM commits WHERE partition = 6 AND next <= 21 AND first < next')
  await until('it is read from its blobs', () => follower.unreadable === 0)
  expect(counted(follower)).toBe(events(records))
})

test('[LV1] stops with nothing left running', async () => {
  await installation.fold(traffic(7, 20))
  const follower = await installation.startFollower()
  await follower.stop()
  await installation.fold(traffic(8, 20))
  expect(counted(follower)).toBe(events(traffic(7, 20)))
})

test('[LV2] a commit that an ended tail still delivers is not taken twice', async () => {
  const { store, log } = installation.engine
  const told: Parameters<typeof store.tail>[1][] = []
  const remembering = {
    load: store.load.bind(store),
    tail: (...args: Parameters<typeof store.tail>) => {
      told.push(args[1])
      return store.tail(...args)
    },
  }
  const follower = new StoreFollower({
    store: remembering,
    partitions: log.partitions,
    clock: new TestClock(),
    warn: () => {},
  })
  const records = traffic(9, 40)
  await installation.foldInto(1, records.slice(0, 20))
  await follower.start()
  try {
    await installation.foldInto(2, records.slice(20))
    await until('partition 2 appeared', () => follower.states[2] !== null)
    await until('following was begun anew', () => told.length === 2)
    const snapshot = await store.load(1, () => false)
    const last = snapshot!.commits[snapshot!.commits.length - 1]
    told[0].onCommit(1, last)
    expect(follower.states[1]).not.toBeNull()
    expect(counted(follower)).toBe(events(records))
  } finally {
    await follower.stop()
  }
})
