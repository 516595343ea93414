import { limits } from '@sightline/protocol/limits'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkpoint } from './checkpoint.ts'
import { takeOver } from './take-over.ts'
import { until } from './temporary-engine.fixture.ts'
import { asRecords, eventsOf, newTraffic, partition, TestOwners } from './test-owners.fixture.ts'

let owners: TestOwners

beforeEach(async () => {
  owners = await TestOwners.open()
})

afterEach(() => owners.destroy())

test('[PR1] commits follow each other without a hole, one at a time', async () => {
  let underWay = 0
  let most = 0
  const owner = await owners.own({
    store: {
      put: owners.files.engine.store.put.bind(owners.files.engine.store),
      async commit(of, epoch, commit) {
        most = Math.max(most, ++underWay)
        const outcome = await owners.files.engine.store.commit(of, epoch, commit)
        underWay--
        return outcome
      },
    },
  })
  const records = asRecords(newTraffic(31, 200))
  for (let from = 0; from < records.length; from += 20) await owner.take(records.slice(from, from + 20))
  await owner.drain()
  const snapshot = await owners.files.engine.store.load(partition, () => false)
  const commits = snapshot?.commits.filter(({ first, next }) => next > first) ?? []
  expect(commits.length).toBeGreaterThan(1)
  for (let i = 1; i < commits.length; i++) expect(commits[i].first).toBe(commits[i - 1].next)
  expect(snapshot?.cursor.next).toBe(200)
  expect(most).toBe(1)
})

test('[PR2] records before the store’s offset, which whole batches of the log bring along, are left out', async () => {
  const records = newTraffic(32, 60)
  const first = await owners.own()
  await first.take(asRecords(records.slice(0, 40)))
  await first.drain()
  const second = await owners.own({}, 'owner-b')
  await second.take(asRecords(records))
  await second.drain()
  expect(await owners.counted()).toBe(eventsOf(records))
})

test('[PR3] two claims: the first owner’s commit is refused, and its records are not taken', async () => {
  const records = newTraffic(33, 30)
  const first = await owners.own()
  const second = await owners.own({}, 'owner-b')
  await first.take(asRecords(records)).catch(() => {})
  await expect(first.ended).rejects.toMatchObject({ name: 'OwnershipLost', outcome: 'fenced' })
  await expect(first.take(asRecords(records))).rejects.toThrow('given up')
  await second.take(asRecords(records))
  await second.drain()
  expect(await owners.counted()).toBe(eventsOf(records))
})

test('[PR5] a skip commits the new offset behind what was taken', async () => {
  const records = newTraffic(35, 30)
  const owner = await owners.own()
  void owner.take(asRecords(records.slice(0, 20)))
  await owner.skipTo(50)
  await owner.take(asRecords(records.slice(20), 50))
  await owner.drain()
  const snapshot = await owners.files.engine.store.load(partition, () => false)
  expect(snapshot?.cursor.next).toBe(60)
  expect(await owners.counted()).toBe(eventsOf(records))
})

test('[PR5] a skip by an owner that has lost its partition waited for ever; it is refused', async () => {
  const owner = await owners.own()
  await owners.files.fence(partition)
  await owner.take(asRecords(newTraffic(36, 5)))
  await expect(owner.skipTo(50)).rejects.toThrow()
  await expect(owner.skipTo(50)).rejects.toThrow('given up')
})

test('[PR9] an owner that is abandoned between two commits refuses what waits and writes nothing more', async () => {
  const owner = await owners.own({ commitIntervalMs: () => 200 })
  const records = asRecords(newTraffic(37, 40))
  await owner.take(records.slice(0, 20))
  const refused = owner.take(records.slice(20)).catch((error: unknown) => String(error))
  owner.abandon()
  expect(await refused).toContain('given up')
  await owner.ended
  expect((await owners.files.engine.store.load(partition, () => false))?.cursor.next).toBeLessThanOrEqual(20)
})

test('[PR12] a disk that is full for a while holds the partition back; then the same commit is stored once', async () => {
  let failures = 3
  const lines: string[] = []
  const { store } = owners.files.engine
  const owner = await owners.own({
    warn: (line) => void lines.push(line),
    store: {
      put: store.put.bind(store),
      async commit(of, epoch, commit) {
        if (failures > 0 && failures-- % 2 === 0)
          throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
        const outcome = await store.commit(of, epoch, commit)
        // Stored, and the answer lost.
        if (failures > 0) throw new Error('no answer')
        return outcome
      },
    },
  })
  const records = newTraffic(38, 30)
  await owner.take(asRecords(records))
  await owner.drain()
  expect(failures).toBe(0)
  expect(await owners.counted()).toBe(eventsOf(records))
})

test('[PR10] a checkpoint that can’t be written stays due, and the commits that it would hold stay in the store', async () => {
  let fail = true
  const { store } = owners.files.engine
  const owner = await owners.own({
    checkpointIntervalMs: 30,
    store: {
      commit: store.commit.bind(store),
      put: (of, epoch, blobs) =>
        fail ? Promise.reject(new Error('disk is full')) : store.put(of, epoch, blobs),
    },
  })
  const records = asRecords(newTraffic(39, 60))
  await owner.take(records.slice(0, 30))
  await new Promise((resolve) => setTimeout(resolve, 120))
  await owner.take(records.slice(30))
  await until('all is committed', () => owner.owned.next === 60)
  const held = await store.load(partition, () => true)
  expect(held?.blobs).toEqual([])
  expect(held?.commits[0].first).toBe(0)
  fail = false
  await until('the checkpoint is written', () => !owner.owned.isDirty())
  expect((await store.readBlobs(partition, 'watermark')).map(({ upto }) => upto)).toEqual([60])
})

test('[PR10] a partition that falls quiet still gets its checkpoint', async () => {
  const owner = await owners.own({ checkpointIntervalMs: 50 })
  await owner.take(asRecords(newTraffic(40, 20)))
  await until('the checkpoint is written', () => owner.owned.next === 20 && !owner.owned.isDirty())
})

test('[PR11] right after a take-over the commits of the owner before stay for a resume window', async () => {
  let clockMs = 1_000_000
  const records = asRecords(newTraffic(41, 100))
  const first = await owners.own()
  for (let from = 0; from < 100; from += 20) await first.take(records.slice(from, from + 20))
  await first.drain()

  const { owned } = await takeOver(owners.files.engine, partition, 'owner-b', clockMs)
  const floorAfter = async (ms: number) => {
    clockMs += ms
    const commit = owned.seal(owned.next + 10, clockMs)
    await owners.files.engine.store.commit(partition, owned.epoch, commit)
    owned.next = commit.next
    return commit.floor
  }
  // Blobs hold all of it, so only the window keeps commits.
  expect(await checkpoint(owned, owners.files.engine.store)).toBe('ok')
  expect(await floorAfter(1_000)).toBe(0)
  expect(await checkpoint(owned, owners.files.engine.store)).toBe('ok')
  expect(await floorAfter(limits.resumeWindowMs - 2_000)).toBe(0)
  expect(await checkpoint(owned, owners.files.engine.store)).toBe('ok')
  expect(await floorAfter(4_000)).toBe(100)
})

test('[PR14] commits keep their distance', async () => {
  const begins: number[] = []
  const owner = await owners.own({
    commitIntervalMs: () => 120,
    onCommit: ({ commitMs }) => void begins.push(performance.now() - commitMs),
  })
  const records = asRecords(newTraffic(42, 8))
  for (const record of records.slice(0, 4)) {
    await owner.take([record])
    await until('it is committed', () => owner.owned.next === record.offset + 1)
  }
  for (let i = 1; i < begins.length; i++) expect(begins[i] - begins[i - 1]).toBeGreaterThan(110)
  expect(begins.length).toBe(4)
})
