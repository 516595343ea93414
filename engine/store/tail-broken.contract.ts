import { expect, test } from 'vitest'
import { claimed, commitOf, pause, plainCommit, until } from './contract-commits.ts'
import { cursorOf, TailRecorder } from './contract-tail.ts'
import type { LiveStoreHarness } from './live-store.contract.ts'
import type { LiveStore } from './live-store.ts'

/** Rule LS13: a chain that can't be continued is reported, and never papered over. */
export function tailBrokenRules(current: () => { harness: LiveStoreHarness; store: LiveStore }): void {
  trimmedRules(current)
  wentBackRules(current)
}

function trimmedRules(current: () => { harness: LiveStoreHarness; store: LiveStore }): void {
  test('[LS13] trimmed beyond the cursor: onBroken, and reading goes on at the cursor it answers', async () => {
    const { store } = current()
    const { epoch } = await claimed(store, 0)
    const old = await cursorOf(store, 0)
    for (let i = 0; i < 1_000; i++) await store.commit(0, epoch, commitOf(i, i + 1, i))
    const tail = new TailRecorder()
    tail.onBroken = (partition) => cursorOf(store, partition)
    tail.start(store, new Map([[0, old]]))
    await until('reported', () => tail.broken.length > 0)
    await pause(100)
    await store.commit(0, epoch, commitOf(1_000, 1_001))
    await until('the next commit', () => tail.commits.length > 0)
    expect(tail.broken).toEqual([0])
    expect(tail.of(0)).toEqual([plainCommit(1_000, 1_001)])
    await tail.stop()
  })

  test('[LS13] answered with null, the partition is no longer followed, and others are', async () => {
    const { store } = current()
    const claims = [await claimed(store, 0), await claimed(store, 1)]
    const tail = new TailRecorder().start(
      store,
      new Map([
        [0, { next: 77, epoch: claims[0].epoch }],
        [1, await cursorOf(store, 1)],
      ]),
    )
    await until('reported', () => tail.broken.length > 0)
    await store.commit(0, claims[0].epoch, commitOf(0, 10))
    await store.commit(1, claims[1].epoch, commitOf(0, 10))
    await until('partition 1', () => tail.of(1).length > 0)
    await pause(200)
    expect(tail.of(0)).toEqual([])
    expect(tail.broken).toEqual([0])
    await tail.stop()
  })

  test('[LS13] while onBroken of one partition is awaited, others go on', async () => {
    const { store } = current()
    const claims = [await claimed(store, 0), await claimed(store, 1)]
    const gate = Promise.withResolvers<void>()
    const tail = new TailRecorder()
    tail.onBroken = async (partition) => {
      await gate.promise
      return cursorOf(store, partition)
    }
    const cursors = new Map([
      [0, { next: 77, epoch: claims[0].epoch }],
      [1, await cursorOf(store, 1)],
    ])
    tail.start(store, cursors)
    await until('reported', () => tail.broken.length > 0)
    await store.commit(1, claims[1].epoch, commitOf(0, 10))
    await until('partition 1', () => tail.of(1).length > 0)
    gate.resolve()
    await pause(100)
    await store.commit(0, claims[0].epoch, commitOf(0, 10))
    await until('partition 0', () => tail.of(0).length > 0)
    await tail.stop()
  })
}

function wentBackRules(current: () => { harness: LiveStoreHarness; store: LiveStore }): void {
  test('[LS13] a cursor ahead of the store is broken at once, without waiting for a commit', async () => {
    const { store } = current()
    const { epoch } = await claimed(store, 0)
    await store.commit(0, epoch, commitOf(0, 10))
    const tail = new TailRecorder().start(store, new Map([[0, { next: 500, epoch }]]))
    await until('reported', () => tail.broken.length > 0, 2_000)
    expect(tail.commits).toEqual([])
    await tail.stop()
  })

  test('[LS13] a cursor of another timeline (same offset, an epoch that is not there) is broken with the next commit', async () => {
    const { store } = current()
    const { epoch } = await claimed(store, 0)
    await store.commit(0, epoch, commitOf(0, 10))
    for (const strange of [epoch + 3, epoch - 3]) {
      const { next } = await cursorOf(store, 0)
      const tail = new TailRecorder().start(store, new Map([[0, { next, epoch: strange }]]))
      await pause(50)
      await store.commit(0, epoch, commitOf(next, next + 10))
      await until('reported', () => tail.broken.length > 0)
      expect(tail.commits).toEqual([])
      await tail.stop()
    }
  })

  test('[LS13] a state that is lost while it is followed is broken within 5 s, also when it is built anew', async () => {
    const { harness, store } = current()
    const { epoch } = await claimed(store, 0)
    await store.commit(0, epoch, commitOf(0, 100))
    const tail = new TailRecorder()
    tail.onBroken = async (partition) => cursorOf(store, partition)
    tail.start(store, new Map([[0, await cursorOf(store, 0)]]))
    await pause(200)
    await harness.forget(0)
    const again = await claimed(store, 0)
    await store.commit(0, again.epoch, commitOf(0, 10))
    await until('reported', () => tail.broken.length > 0, 5_000)
    await pause(200)
    const { next } = await cursorOf(store, 0)
    await store.commit(0, again.epoch, commitOf(next, next + 10))
    await until('the new chain', () => tail.of(0).length > 0)
    expect(tail.of(0).at(-1)).toBe(plainCommit(next, next + 10))
    await tail.stop()
  })

  test('[LS13] a partition without state is broken', async () => {
    const { store } = current()
    await claimed(store, 1)
    const tail = new TailRecorder().start(store, new Map([[0, { next: 0, epoch: 1 }]]))
    await until('reported', () => tail.broken.length > 0)
    await tail.stop()
  })
}
