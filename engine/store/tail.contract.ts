import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimed, commitOf, pause, plainCommit, until } from './contract-commits.ts'
import { cursorOf, TailRecorder } from './contract-tail.ts'
import type { LiveStoreFactory, LiveStoreHarness } from './live-store.contract.ts'
import type { LiveStore } from './live-store.ts'
import { tailBrokenRules } from './tail-broken.contract.ts'

/** Rules LS12 and LS13: following the commits. */
export function tailRules(factory: LiveStoreFactory): void {
  let harness: LiveStoreHarness
  let store: LiveStore
  beforeEach(async () => {
    harness = await factory()
    store = await harness.open()
  })
  afterEach(() => harness.destroy())

  followRules(() => ({ harness, store }))
  manyFollowerRules(() => ({ harness, store }))
  tailBrokenRules(() => ({ harness, store }))
}

function followRules(current: () => { harness: LiveStoreHarness; store: LiveStore }): void {
  test('[LS12] delivers what is there after the cursor and what comes, in order, once, with its bytes', async () => {
    const { harness, store } = current()
    const { epoch } = await claimed(store, 0)
    for (let i = 0; i < 30; i++) await store.commit(0, epoch, commitOf(i, i + 1))
    const tail = new TailRecorder().start(await harness.open(), new Map([[0, { next: 10, epoch }]]))
    await until('20 old ones', () => tail.commits.length >= 20)
    for (let i = 30; i < 60; i++) await store.commit(0, epoch, commitOf(i, i + 1))
    await until('30 new ones', () => tail.commits.length >= 50)
    await pause(100)
    expect(tail.of(0)).toEqual(Array.from({ length: 50 }, (_, i) => plainCommit(i + 10, i + 11)))
    expect(tail.broken).toEqual([])
    await tail.stop()
  })

  test('[LS12] a commit reaches a follower within 1 s', async () => {
    const { harness, store } = current()
    const { epoch } = await claimed(store, 0)
    const tail = new TailRecorder().start(await harness.open(), new Map([[0, await cursorOf(store, 0)]]))
    await pause(300)
    for (let i = 0; i < 5; i++) {
      const sentAt = performance.now()
      await store.commit(0, epoch, commitOf(i, i + 1))
      await until('delivered', () => tail.commits.length > i)
      expect(performance.now() - sentAt).toBeLessThan(1_000)
    }
    await tail.stop()
  })

  test('[LS12] a takeover continues the chain: the claim is delivered, then the commits of the new epoch', async () => {
    const { store } = current()
    const first = await claimed(store, 0, 'owner-a')
    const tail = new TailRecorder().start(store, new Map([[0, await cursorOf(store, 0)]]))
    await store.commit(0, first.epoch, commitOf(0, 10))
    const second = await claimed(store, 0, 'owner-b')
    await store.commit(0, second.epoch, commitOf(10, 20))
    await until('3 entries', () => tail.commits.length >= 3)
    expect(tail.of(0)).toEqual([plainCommit(0, 10), 'claim at 10', plainCommit(10, 20)])
    expect(tail.commits.map((one) => one.commit.epoch)).toEqual([first.epoch, second.epoch, second.epoch])
    expect(tail.broken).toEqual([])
    await tail.stop()
  })
}

function manyFollowerRules(current: () => { harness: LiveStoreHarness; store: LiveStore }): void {
  test('[LS12] many partitions and several followers at once get everything in order', async () => {
    const { harness, store } = current()
    const partitions = Array.from({ length: 12 }, (_, i) => i)
    const claims = await Promise.all(partitions.map((partition) => claimed(store, partition)))
    const cursors = new Map(
      await Promise.all(partitions.map(async (p) => [p, await cursorOf(store, p)] as const)),
    )
    const other = await harness.open()
    const tails = [store, other, other].map((handle) => new TailRecorder().start(handle, new Map(cursors)))
    await Promise.all(
      partitions.map(async (partition) => {
        for (let i = 0; i < 20; i++)
          await store.commit(partition, claims[partition].epoch, commitOf(i, i + 1))
      }),
    )
    const expected = Array.from({ length: 20 }, (_, i) => plainCommit(i, i + 1))
    for (const tail of tails) {
      await until('240 commits', () => tail.commits.length >= 240)
      for (const partition of partitions) expect(tail.of(partition)).toEqual(expected)
      await tail.stop()
    }
  })

  test('[LS12] only the given partitions are followed; abort ends the tail within 1 s and nothing comes after', async () => {
    const { store } = current()
    const claims = [await claimed(store, 0), await claimed(store, 1)]
    const tail = new TailRecorder().start(store, new Map([[0, await cursorOf(store, 0)]]))
    await store.commit(1, claims[1].epoch, commitOf(0, 10))
    await store.commit(0, claims[0].epoch, commitOf(0, 10))
    await until('one commit', () => tail.commits.length >= 1)
    const stoppedAt = performance.now()
    await tail.stop()
    expect(performance.now() - stoppedAt).toBeLessThan(1_000)
    await store.commit(0, claims[0].epoch, commitOf(10, 20))
    await pause(200)
    expect(tail.of(0)).toEqual([plainCommit(0, 10)])
    expect(tail.of(1)).toEqual([])
  })

  test('[LS12] an error thrown by a handler ends the tail with that error', async () => {
    const { store } = current()
    const { epoch } = await claimed(store, 0)
    const tail = new TailRecorder()
    tail.onCommit = () => {
      throw new Error('apply failed')
    }
    tail.start(store, new Map([[0, await cursorOf(store, 0)]]))
    await store.commit(0, epoch, commitOf(0, 10))
    await expect(tail.ended).rejects.toThrow('apply failed')
  })
}
