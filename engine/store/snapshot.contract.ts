import { afterEach, beforeEach, expect, test } from 'vitest'
import { blobOf, claimed, commitOf, plainBlobs, plainCommit, plainCommits } from './contract-commits.ts'
import { CountingOwner, stateAt, stateOf } from './counting-owner.contract.ts'
import type { LiveStoreFactory, LiveStoreHarness } from './live-store.contract.ts'
import type { LiveStore, StoredCommit } from './live-store.ts'

/** Rules LS10 and LS11: a consistent start, and what may be trimmed. */
export function snapshotRules(factory: LiveStoreFactory): void {
  let harness: LiveStoreHarness
  let store: LiveStore
  beforeEach(async () => {
    harness = await factory()
    store = await harness.open()
  })
  afterEach(() => harness.destroy())

  loadRules(() => ({ harness, store }))
  loadWhileWritingRules(() => ({ harness, store }))
  manyPartitionRule(() => ({ harness, store }))
  trimRules(() => ({ harness, store }))
}

type Current = () => { harness: LiveStoreHarness; store: LiveStore }

/** Fails unless each entry begins where the one before ended and epochs never go down. */
function expectChain(commits: StoredCommit[]): void {
  for (let i = 1; i < commits.length; i++) {
    expect(commits[i].first).toBe(commits[i - 1].next)
    expect(commits[i].epoch).toBeGreaterThanOrEqual(commits[i - 1].epoch)
    if (commits[i].epoch !== commits[i - 1].epoch) expect(commits[i].first).toBe(commits[i].next)
  }
}

function loadRules(current: Current): void {
  test('[LS10] load gives the wanted buckets, the chain of commits with its claims, and the cursor at its end', async () => {
    const { store } = current()
    const first = await claimed(store, 0, 'owner-a', 5)
    await store.commit(0, first.epoch, commitOf(5, 10))
    await store.put(0, first.epoch, [
      blobOf('x:1', 'f', 10, 'x1'),
      blobOf('x:2', 'f', 10, 'x2'),
      blobOf('y:1', 'g', 10, 'y1'),
    ])
    const second = await claimed(store, 0, 'owner-b')
    await store.commit(0, second.epoch, commitOf(10, 20))
    const snapshot = await store.load(0, (bucket) => bucket.startsWith('x:'))
    expect(plainBlobs(snapshot?.blobs ?? [])).toEqual(['x:1 f @10 x1', 'x:2 f @10 x2'])
    expect(snapshot?.cursor).toEqual({ next: 20, epoch: second.epoch })
    const commits = snapshot?.commits ?? []
    expectChain(commits)
    expect(plainCommits(commits)).toEqual([
      'claim at 5',
      plainCommit(5, 10),
      'claim at 10',
      plainCommit(10, 20),
    ])
    expect(commits.map((one) => one.epoch)).toEqual([first.epoch, first.epoch, second.epoch, second.epoch])
    expect(commits[2].publicDelta).toHaveLength(0)
  })

  test('[LS10] right after the first claim the snapshot is empty and its cursor stands at the claim', async () => {
    const { store } = current()
    const claim = await store.claim(0, 'owner-a', 'log-1', 50)
    const snapshot = await store.load(0, () => true)
    expect(snapshot?.blobs).toEqual([])
    expect(snapshot?.cursor.next).toBe(50)
    expect(claim).toMatchObject({ epoch: snapshot?.cursor.epoch })
  })
}

function loadWhileWritingRules(current: Current): void {
  test('[LS10] a bucket that appears while a snapshot is taken is not missed, though its commits were trimmed', async () => {
    const { harness, store } = current()
    const { epoch } = await claimed(store, 0)
    await store.commit(0, epoch, commitOf(0, 10))
    await store.put(0, epoch, [blobOf('x:1', 'f', 10, 'x1')])
    let writes: Promise<unknown> | undefined
    const snapshot = await (
      await harness.open()
    ).load(0, () => {
      writes ??= Promise.all([
        store.commit(0, epoch, commitOf(10, 20)),
        store.put(0, epoch, [blobOf('x:2', 'f', 20, 'x2')]),
        store.commit(0, epoch, commitOf(20, 30, 20)),
      ])
      return true
    })
    await Promise.resolve(writes)
    const commits = plainCommits(snapshot?.commits ?? [])
    const blobs = plainBlobs(snapshot?.blobs ?? [])
    expect(commits.includes(plainCommit(10, 20)) || blobs.includes('x:2 f @20 x2')).toBe(true)
    expect(snapshot?.cursor.next).toBe(
      commits.includes(plainCommit(20, 30)) ? 30 : (snapshot?.commits.at(-1)?.next ?? 0),
    )
  })

  test('[LS10] while one owner commits, checkpoints and trims, every load of others is exact', async () => {
    const { harness, store } = current()
    const owner = new CountingOwner('owner-a', store, 0)
    await owner.takeOver()
    const reader = await harness.open()
    let writing = true
    let loads = 0
    const read = async () => {
      while (writing) {
        const snapshot = await reader.load(0, () => true)
        if (snapshot === null) throw new Error('the state is gone')
        expectChain(snapshot.commits)
        expect(stateOf(snapshot)).toEqual(stateAt(snapshot.cursor.next))
        loads++
      }
    }
    const readers = Promise.all([read(), read()])
    // Awaited below; a reader that fails early must not count as unhandled meanwhile.
    readers.catch(() => {})
    try {
      for (let round = 0; round < 400; round++) {
        expect(await owner.send(owner.nextCommit(1 + (round % 5)))).toBe('ok')
        if (round % 3 === 0) expect(await owner.checkpoint(round)).toBe('ok')
      }
    } finally {
      writing = false
    }
    await readers
    expect(loads).toBeGreaterThan(10)
    expect(owner.next).toBe(1_200)
  })
}

function manyPartitionRule(current: Current): void {
  test('[LS10] twelve partitions at once, each with its owner and readers, stay exact', async () => {
    const { harness, store } = current()
    const other = await harness.open()
    await Promise.all(
      Array.from({ length: 12 }, async (_, partition) => {
        const owner = new CountingOwner(`owner-${partition}`, partition % 2 ? store : other, partition)
        await owner.takeOver()
        for (let round = 0; round < 60; round++) {
          expect(await owner.send(owner.nextCommit(3))).toBe('ok')
          if (round % 7 === partition % 7) await owner.checkpoint(round)
        }
        const snapshot = await other.load(partition, () => true)
        expect(snapshot?.cursor.next).toBe(180)
        if (snapshot) expect(stateOf(snapshot)).toEqual(stateAt(180))
      }),
    )
  })
}

function trimRules(current: Current): void {
  test('[LS11] nothing above the floor is trimmed', async () => {
    const { harness, store } = current()
    const { epoch } = await claimed(store, 0)
    for (let i = 0; i < 400; i++)
      expect(await store.commit(0, epoch, commitOf(i, i + 1, Math.min(i, 20)))).toBe('ok')
    const again = await harness.reopen()
    const held = plainCommits((await again.load(0, () => true))?.commits ?? [])
    for (let i = 20; i < 400; i++) expect(held).toContain(plainCommit(i, i + 1))
  })

  test('[LS11] what lies below the floor does not pile up', async () => {
    const { store } = current()
    const { epoch } = await claimed(store, 0)
    for (let i = 0; i < 2_000; i++) await store.commit(0, epoch, commitOf(i, i + 1, i))
    const commits = (await store.load(0, () => true))?.commits ?? []
    expect(commits.length).toBeLessThan(500)
    expectChain(commits)
    expect(commits.at(-1)?.next).toBe(2_000)
  })

  test('[LS11] the last entry stays, whatever the floor: the partition never looks new', async () => {
    const { harness, store } = current()
    const { epoch } = await claimed(store, 0)
    for (let i = 0; i < 300; i++) await store.commit(0, epoch, commitOf(i, i + 1, 1_000_000))
    expect(await store.commit(0, epoch, commitOf(299, 300, 1_000_000))).toBe('duplicate')
    const again = await harness.reopen()
    expect(await again.claim(0, 'owner-b', 'log-1', 0)).toMatchObject({
      outcome: 'ok',
      next: 300,
      created: false,
    })
    expect((await again.load(0, () => true))?.cursor.next).toBe(300)
  })
}
