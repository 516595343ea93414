import { siteLedger } from '@sightline/aggregates/queries/site-ledger'
import { randomTraffic, type PlainRecord } from '@sightline/aggregates/random-traffic.fixture'
import { limits } from '@sightline/protocol/limits'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AssignedPartition } from './assigned-partition.ts'
import { startTestProcessor, type TestProcessor } from './test-processor.fixture.ts'
import { TemporaryEngine, until, withStore } from './temporary-engine.fixture.ts'

const partition = 3
let files: TemporaryEngine
let running: TestProcessor[] = []

beforeEach(async () => {
  files = await TemporaryEngine.open()
})

afterEach(async () => {
  for (const { stop } of running.splice(0)) await stop()
  await files.destroy()
})

async function start(engine = files.engine, name?: string): Promise<TestProcessor> {
  const started = await startTestProcessor(engine, name)
  running.push(started)
  return started
}

async function stop(started: TestProcessor): Promise<void> {
  running = running.filter((one) => one !== started)
  await started.stop()
}

/** Every record is new, so that counts can be added up. */
const traffic = (seed: number, records: number) =>
  randomTraffic({ seed, records, copies: 0, losses: 0, delays: 0 }).map((record) => ({
    ...record,
    unknown: 0,
  }))
const events = (records: readonly PlainRecord[]) =>
  records.reduce(
    (sum, { moves, clicks, scrolls, marks }) =>
      sum + moves.length + clicks.length + scrolls.length + marks.length,
    0,
  )
const append = (records: readonly PlainRecord[]) => files.appendAll(records, () => partition)

async function counted(): Promise<number> {
  const states = await files.storedStates()
  return siteLedger(states, 1).counted + siteLedger(states, 2).counted
}

test('[PR3] fenced while idle: nothing is written any more, then it is claimed back and goes on', async () => {
  const records = traffic(21, 90)
  const { lines } = await start()
  await append(records.slice(0, 40))
  await files.drained()
  await files.fence(partition)
  await append(records.slice(40))
  await until('it says that it was fenced', () => lines.some(({ outcome }) => outcome === 'fenced'))
  await files.drained()
  expect(await counted()).toBe(events(records))
})

test('[PR3] fenced with records queued and a commit on its way: each is folded exactly once by whoever owns it then', async () => {
  const records = traffic(22, 300)
  let hold = Promise.withResolvers<void>()
  let held = false
  const slow = withStore(files.engine, (store) => ({
    async commit(of, epoch, commit) {
      if (of === partition && !held) {
        held = true
        await hold.promise
      }
      return store.commit(of, epoch, commit)
    },
  }))
  const { lines } = await start(slow)
  await append(records.slice(0, 100))
  await until('a commit is on its way', () => held)
  await append(records.slice(100))
  await files.fence(partition)
  hold.resolve()
  hold = Promise.withResolvers()
  await files.drained()
  expect(await counted()).toBe(events(records))
  expect(lines.filter(({ outcome }) => outcome === 'fenced')).toHaveLength(1)
})

test('[PR4] a store that went back is read from where it is, and what it lost is folded again', async () => {
  const records = traffic(23, 120)
  const { lines } = await start()
  await append(records.slice(0, 60))
  await files.drained()
  const [{ first }] = files.sql(
    'SELECT first FROM commits WHERE partition = ? AND first < next ORDER BY next DESC LIMIT 1',
    partition,
  )
  files.sql('DELETE FROM commits WHERE partition = ? AND next > ?', partition, Number(first))
  files.sql('UPDATE partitions SET next = ? WHERE partition = ?', Number(first), partition)
  await append(records.slice(60))
  await until('it says that there is a gap', () => lines.some(({ outcome }) => outcome === 'gap'))
  await files.drained()
  expect(await counted()).toBe(events(records))
})

test('[PR4] a state that is gone is built anew from the whole log', async () => {
  const records = traffic(24, 80)
  const { lines } = await start()
  await append(records.slice(0, 50))
  await files.drained()
  for (const table of ['partitions', 'commits', 'blobs'])
    files.sql(`DELETE FROM ${table} WHERE partition = ?`, partition)
  await append(records.slice(50))
  await until('it says that the state is gone', () => lines.some(({ outcome }) => outcome === 'no-state'))
  await files.drained()
  expect(await counted()).toBe(events(records))
})

test('[PR4] a state that vanishes between claim and load ended the processor; it is claimed again', async () => {
  await append(traffic(25, 20))
  let vanished = false
  const engine = withStore(files.engine, (store) => ({
    async load(of, wanted) {
      if (of === partition && !vanished) {
        vanished = true
        files.sql('DELETE FROM partitions WHERE partition = ?', of)
        files.sql('DELETE FROM commits WHERE partition = ?', of)
        return null
      }
      return store.load(of, wanted)
    },
  }))
  await start(engine)
  await files.drained()
  expect(vanished).toBe(true)
})

test('[PR5] records that left the log are skipped, counted and told; the next ones are folded', async () => {
  const records = traffic(26, 60)
  await append(records.slice(0, 50))
  files.sql('DELETE FROM log WHERE partition = ? AND offset < 30', partition)
  files.sql('INSERT INTO log_starts (partition, start) VALUES (?, 30)', partition)
  // State that was made when the log still began at 0.
  const claim = await files.engine.store.claim(partition, 'before', await files.engine.log.identity(), 0)
  expect(claim.outcome).toBe('ok')
  const { lines } = await start()
  await append(records.slice(50))
  await files.drained()
  expect(await counted()).toBe(events(records.slice(30)))
  expect(lines.filter(({ records: skipped }) => skipped === 30)).toHaveLength(1)
  await until('the report has them', async () => {
    const reports = await files.engine.registry.reports()
    return reports.some(({ figures }) => figures.skippedRecords === 30)
  })
})

test('[PR8] revoked while the store does not answer: waits no longer than releaseMsMax, and nothing is lost', async () => {
  const records = traffic(27, 60)
  const stuck = Promise.withResolvers<never>()
  let waiting = false
  const engine = withStore(files.engine, (store) => ({
    commit(of, epoch, commit) {
      if (of !== partition) return store.commit(of, epoch, commit)
      waiting = true
      return stuck.promise
    },
  }))
  const started = await start(engine)
  await append(records)
  await until('a commit is on its way', () => waiting)
  const beganMs = performance.now()
  await stop(started)
  expect(performance.now() - beganMs).toBeLessThan(limits.releaseMsMax + 2_500)
  expect(started.lines.some(({ msg }) => /will be read again/.test(msg))).toBe(true)

  await start(files.engine, 'processor-b')
  await files.drained()
  expect(await counted()).toBe(events(records))
})

test('[PR9] a claim that comes while the partition is released does not leave an owner behind', async () => {
  const hold = Promise.withResolvers<void>()
  let claims = 0
  const engine = withStore(files.engine, (store) => ({
    async claim(of, owner, log, initialNext) {
      if (of === partition && ++claims === 2) await hold.promise
      return store.claim(of, owner, log, initialNext)
    },
  }))
  const started = await start(engine)
  await append(traffic(28, 10))
  await files.drained()
  await files.fence(partition)
  await append(traffic(29, 10))
  await until('it claims again', () => claims === 2, 15_000)
  const stopped = stop(started)
  hold.resolve()
  await stopped
  expect(started.processor.ownedPartitions).toBe(0)
})

test('[PR9] a claim that comes after everything was given up is nobody’s', async () => {
  const hold = Promise.withResolvers<void>()
  let claimed = false
  const engine = withStore(files.engine, (store) => ({
    async claim(of, owner, log, initialNext) {
      await hold.promise
      claimed = true
      return store.claim(of, owner, log, initialNext)
    },
  }))
  const one = new AssignedPartition(partition, {
    engine,
    name: 'processor-a',
    store: engine.store,
    deadLetters: engine.deadLetters,
    events: { created() {}, lost() {}, skipped() {}, failed() {} },
    readAgain() {},
    now: () => performance.now(),
    sleep: () => Promise.resolve(),
    commitIntervalMs: () => 1,
    checkpointIntervalMs: 1_000,
    warn() {},
  })
  const begun = one.begin()
  one.abandon()
  hold.resolve()
  await begun
  expect(claimed).toBe(true)
  expect(one.next).toBeNull()
  // Nothing is waited for: the log takes it as read, and the next owner reads it again.
  await one.take([])
})
