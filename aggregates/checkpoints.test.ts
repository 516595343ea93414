import { limits } from '@sightline/protocol/limits'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { LaneWindows } from './lane-windows.ts'
import { OnePartition } from './one-partition.fixture.ts'
import { siteLedger } from './queries/site-ledger.ts'
import {
  below,
  randomTraffic,
  seededRandom,
  type PlainRecord,
  type Random,
} from './random-traffic.fixture.ts'
import { TestStore } from './test-store.fixture.ts'

function checkpoint(partition: OnePartition, store: TestStore, random: Random, max: number): void {
  for (const part of [partition.memory, partition.state]) {
    for (let i = 0; i < 3; i++) {
      const blobs = part.dirtyBlobs(max)
      // Now and then a write fails.
      if (random() < 0.2) part.markDirty(blobs)
      else {
        store.put(blobs)
        part.markClean(blobs)
      }
    }
  }
  partition.state.closeBuckets()
  const floor = Math.min(
    partition.memory.oldestDirty() ?? partition.next,
    partition.state.oldestDirty() ?? partition.next,
  )
  // The store keeps commits longer than it must: viewers resume from them.
  store.trim(floor - below(random, 60))
}

function run(
  partition: OnePartition,
  store: TestStore,
  records: readonly PlainRecord[],
  random: Random,
): void {
  let left = 1
  for (const record of records) {
    partition.fold(record)
    if (--left > 0) continue
    left = 1 + below(random, 10)
    store.commits.push(partition.commit())
    if (random() < 0.3) checkpoint(partition, store, random, 1 + below(random, 200))
  }
  if (partition.pending > 0) store.commits.push(partition.commit())
}

function writeAll(partition: OnePartition, store: TestStore): void {
  for (const part of [partition.memory, partition.state]) {
    const blobs = part.dirtyBlobs(Infinity)
    store.put(blobs)
    part.markClean(blobs)
    expect(part.oldestDirty()).toBeNull()
  }
}

describe('checkpoints', () => {
  test('[C1] [C2] [AK6] [T5] whoever takes over, any number of times, ends where an uninterrupted owner does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const random = seededRandom(seed)
        const records = randomTraffic({ seed, records: 300, pauseMsMax: 60_000 })

        const steady = new OnePartition().run(records, () => 7)
        const expected = new TestStore()
        writeAll(steady, expected)

        const store = new TestStore()
        let partition = new OnePartition()
        for (let from = 0; from < records.length;) {
          const to = from + 1 + below(random, 150)
          run(partition, store, records.slice(from, to), random)
          from = to
          // The owner dies, perhaps with records folded but not committed.
          const [blobs, commits] = [[...store.blobs.values()], store.commits]
          partition = OnePartition.takeOver(shuffled(blobs, random), commits)
          expect(partition.next).toBe(Math.min(from, records.length))
        }
        writeAll(partition, store)
        expect(store.contents()).toEqual(expected.contents())
        expect(store.namesToday()).toEqual(expected.namesToday())
        expect(store.lanes()).toEqual(expected.lanes())
      }),
      { numRuns: 5 },
    )
  })

  test('[T5] buckets that ended long ago leave memory, and only when they are written', () => {
    const records = randomTraffic({ seed: 3, records: 600, pauseMsMax: 40_000 })
    const partition = new OnePartition().run(records, () => 20)
    const cells = partition.state.cellCount
    expect(partition.state.closeBuckets()).toBe(0)
    partition.state.markClean(partition.state.dirtyBlobs(Infinity))
    expect(partition.state.closeBuckets()).toBeGreaterThan(cells / 2)
    expect(
      partition.state.wants(`series:minute:${records[0].recordMs - (records[0].recordMs % 60_000)}`),
    ).toBe(false)
  })

  test('[T5] an increment for a closed bucket throws instead of overwriting a complete blob', () => {
    const records = randomTraffic({ seed: 4, records: 600, pauseMsMax: 40_000 })
    const partition = new OnePartition().run(records, () => 20)
    partition.state.markClean(partition.state.dirtyBlobs(Infinity))
    partition.state.closeBuckets()
    const { delta, next } = partition.commits[0]
    expect(() => partition.state.apply(delta, partition.next, partition.next + next)).toThrow(/closed/)
    // The same delta at its own offset is a replay: left out.
    expect(() => partition.state.apply(delta, 0, next)).not.toThrow()
  })

  test('[C3] oldestDirty is the first offset of the oldest unwritten commit; a failed write keeps it', () => {
    const records = randomTraffic({ seed: 6, records: 30 })
    const partition = new OnePartition()
    const { state } = partition
    expect(state.oldestDirty()).toBeNull()
    partition.run(records.slice(0, 10), () => 10)
    partition.run(records.slice(10, 20), () => 10)
    expect(state.oldestDirty()).toBe(0)
    const blobs = state.dirtyBlobs(Infinity)
    expect(state.oldestDirty()).toBe(0)
    partition.run(records.slice(20, 30), () => 10)
    state.markDirty(blobs)
    expect(state.oldestDirty()).toBe(0)
    const again = state.dirtyBlobs(Infinity)
    state.markClean(again)
    expect(state.oldestDirty()).toBeNull()
  })

  test('[C3] what changes while it is being written is dirty anew, from that commit on', () => {
    const records = randomTraffic({ seed: 6, records: 30 })
    const partition = new OnePartition().run(records.slice(0, 20), () => 20)
    const blobs = partition.state.dirtyBlobs(Infinity)
    partition.run(records.slice(20, 30), () => 10)
    partition.state.markClean(blobs)
    expect(partition.state.oldestDirty()).toBe(20)
  })

  test('[C1] a checkpoint of a memory that is ahead of its commits is refused', () => {
    const partition = new OnePartition()
    partition.fold(randomTraffic({ seed: 1, records: 1 })[0])
    expect(() => partition.memory.dirtyBlobs(10)).toThrow(/ahead/)
  })

  test('[AK3] [AK6] a lane that was forgotten, but still stands in an old blob, is not lost a second time', () => {
    const records = randomTraffic({
      seed: 12,
      records: 120,
      losses: 0.2,
      delays: 0,
      copies: 0,
      pauseMsMax: 2_000,
    })
    const laterMs = records[119].recordMs + limits.laneHorizonMs + 3_600_000
    // Another visitor, hours later, with a clock that has no sample yet: never too old.
    const template = records.find(({ hasClock }) => !hasClock)!
    const store = new TestStore()
    const later = (partition: OnePartition, from: number, count: number) => {
      for (let i = from; i < from + count; i++) {
        partition.foldAs({ ...template, recordMs: laterMs + i * 1_000 }, 900 + i, 1)
      }
      store.commits.push(partition.commit())
      writeAll(partition, store)
    }
    const first = new OnePartition().run(records, () => 20)
    store.commits = [...first.commits]
    writeAll(first, store)
    later(first, 0, 150)
    const lost = siteLedger([first.state], 1).lost
    expect(lost).toBeGreaterThan(0)

    const [blobs, commitsHeld] = [[...store.blobs.values()], [...store.commits]]
    for (const commits of [[], commitsHeld]) {
      const second = OnePartition.takeOver(blobs, commits)
      second.next = first.next
      expect(second.memory.lanes.lanes).toBe(first.memory.lanes.lanes)
      later(second, 150, 150)
      expect(siteLedger([second.state], 1).lost).toBe(lost)
    }
  })

  // A take-over looked at every lane for every commit that it replayed: seconds for a partition of many lanes.
  test('[AK6] replaying commits of one minute looks through the lanes once', () => {
    const records = randomTraffic({ seed: 5, records: 300, pauseMsMax: 0 })
    const { commits } = new OnePartition().run(records, () => 3)
    const expire = vi.spyOn(LaneWindows.prototype, 'expire')
    try {
      OnePartition.takeOver([], commits)
      expect(commits.length).toBe(100)
      expect(expire.mock.calls.length).toBeLessThanOrEqual(4)
    } finally {
      expire.mockRestore()
    }
  })

  // The store dropped the lanes by its clock, a day after their horizon: what a processor that had been away for longer
  // read of them again was counted twice, and what it had counted before was called missing.
  test('[AK7] a log that is folded on after a month still knows its lanes', () => {
    const records = randomTraffic({
      seed: 12,
      records: 400,
      losses: 0,
      delays: 0,
      copies: 0,
      pauseMsMax: 200,
    })
    const store = new TestStore()
    const first = new OnePartition().run(records.slice(0, 200), () => 20)
    writeAll(first, store)
    const monthLaterMs = records[200].recordMs + 30 * 86_400_000
    const second = OnePartition.takeOver(store.blobsAt(monthLaterMs), [])
    second.next = first.next
    const resent = records.slice(150, 200).map((record) => second.fold(record))
    expect(new Set(resent)).toEqual(new Set(['duplicate']))
    second.run(records.slice(200), () => 20)
    expect(second.memory.lanes.lanes).toBe(first.memory.lanes.lanes)
    expect(siteLedger([second.state], 1)).toMatchObject({ missing: 0, balanced: true })
  })

  test('[AK3] [AK7] blobs of lanes go when all their lanes are forgotten, also those that another owner wrote', () => {
    const records = randomTraffic({ seed: 12, records: 120, delays: 0, pauseMsMax: 2_000 })
    const store = new TestStore()
    const first = new OnePartition().run(records, () => 20)
    writeAll(first, store)
    const slices = () => [...store.blobs.keys()].filter((key) => key.startsWith('lanes '))
    const before = slices()
    expect(before.length).toBeGreaterThan(0)

    const second = OnePartition.takeOver([...store.blobs.values()], [])
    second.next = first.next
    const template = records.find(({ hasClock }) => !hasClock)!
    const laterMs = records[119].recordMs + limits.laneHorizonMs + 3_600_000
    for (let i = 0; i < 150; i++) second.foldAs({ ...template, recordMs: laterMs + i * 1_000 }, 900 + i, 1)
    second.commit()
    // A deletion that fails is tried again.
    second.memory.markDirty(second.memory.dirtyBlobs(Infinity))
    writeAll(second, store)
    expect(slices().filter((key) => before.includes(key))).toEqual([])
    expect(slices().length).toBeGreaterThan(0)
  })

  test('[C2] a blob that is ahead of the commits: replay changes nothing that it holds', () => {
    const records = randomTraffic({ seed: 8, records: 100 })
    const partition = new OnePartition().run(records, () => 10)
    const store = new TestStore()
    store.put([...partition.state.dirtyBlobs(Infinity), ...partition.memory.dirtyBlobs(Infinity)])
    const again = OnePartition.takeOver([...store.blobs.values()], partition.commits)
    const { state } = again
    expect(state.dirtyBlobs(Infinity)).toEqual([])
    expect(again.next).toBe(100)
  })
})

function shuffled<T>(list: T[], random: Random): T[] {
  return list
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
