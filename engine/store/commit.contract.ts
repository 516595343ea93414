import { afterEach, beforeEach, expect, test } from 'vitest'
import { blobOf, claimed, commitOf, plainCommit, plainCommits } from './contract-commits.ts'
import type { LiveStoreFactory, LiveStoreHarness } from './live-store.contract.ts'
import type { LiveStore } from './live-store.ts'

/** Rules LS4 to LS7: the fenced commit. */
export function commitRules(factory: LiveStoreFactory): void {
  let harness: LiveStoreHarness
  let store: LiveStore
  beforeEach(async () => {
    harness = await factory()
    store = await harness.open()
  })
  afterEach(() => harness.destroy())

  const current = () => ({ harness, store })
  chainRules(current)
  refusalRules(current)
  fenceRules(current)
}

type Current = () => { harness: LiveStoreHarness; store: LiveStore }

async function committed(store: LiveStore, partition: number): Promise<string[]> {
  const snapshot = await store.load(partition, () => true)
  return plainCommits(snapshot?.commits ?? []).filter((text) => !text.startsWith('claim'))
}

function chainRules(current: Current): void {
  test('[LS4] commits continue the chain; a restart and the next claim find its end', async () => {
    const { harness, store } = current()
    const { epoch } = await claimed(store, 0)
    expect(await store.commit(0, epoch, commitOf(0, 10))).toBe('ok')
    expect(await store.commit(0, epoch, commitOf(10, 25))).toBe('ok')
    const again = await harness.reopen()
    expect(await committed(again, 0)).toEqual([plainCommit(0, 10), plainCommit(10, 25)])
    const claim = await claimed(again, 0, 'owner-b')
    expect(claim.next).toBe(25)
    expect(await again.commit(0, claim.epoch, commitOf(25, 26))).toBe('ok')
  })

  test('[LS4] bytes come back as they were given, also large and empty ones', async () => {
    const { store } = current()
    const { epoch } = await claimed(store, 2)
    const large = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7) & 255)
    await store.commit(2, epoch, {
      first: 0,
      next: 1,
      publicDelta: large,
      privatePart: new Uint8Array(0),
      floor: 0,
    })
    await store.commit(2, epoch, {
      first: 1,
      next: 2,
      publicDelta: new Uint8Array(0),
      privatePart: large,
      floor: 0,
    })
    const commits = (await store.load(2, () => true))?.commits.filter((one) => one.first !== one.next) ?? []
    expect(commits.map((one) => [one.publicDelta.length, one.privatePart.length])).toEqual([
      [200_000, 0],
      [0, 200_000],
    ])
    expect(Buffer.compare(commits[0].publicDelta, large)).toBe(0)
    expect(Buffer.compare(commits[1].privatePart, large)).toBe(0)
    expect(commits.every((one) => one.epoch === epoch)).toBe(true)
  })

  test('[LS4] partitions are independent of each other', async () => {
    const { store } = current()
    const claims = await Promise.all([0, 1, 2].map((partition) => claimed(store, partition)))
    await Promise.all(claims.map((claim, p) => store.commit(p, claim.epoch, commitOf(0, 10 + p))))
    await claimed(store, 1, 'owner-b')
    expect(await store.commit(0, claims[0].epoch, commitOf(10, 20))).toBe('ok')
    expect(await store.commit(1, claims[1].epoch, commitOf(11, 20))).toBe('fenced')
    expect(await store.commit(2, claims[2].epoch, commitOf(12, 20))).toBe('ok')
  })

  test('[LS4] a commit that does not move forward is refused as a mistake of the caller', async () => {
    const { store } = current()
    const { epoch } = await claimed(store, 0)
    await store.commit(0, epoch, commitOf(0, 10))
    await expect(store.commit(0, epoch, commitOf(10, 10))).rejects.toThrow(RangeError)
    await expect(store.commit(0, epoch, commitOf(10, 9))).rejects.toThrow(RangeError)
    expect(await store.commit(0, epoch, commitOf(10, 11))).toBe('ok')
  })
}

function refusalRules(current: Current): void {
  test('[LS5] the same commit sent again is a duplicate and stored once', async () => {
    const { harness, store } = current()
    const { epoch } = await claimed(store, 0)
    await store.commit(0, epoch, commitOf(0, 10))
    expect(await store.commit(0, epoch, commitOf(10, 20))).toBe('ok')
    expect(await store.commit(0, epoch, commitOf(10, 20))).toBe('duplicate')
    const again = await harness.reopen()
    expect(await again.commit(0, epoch, commitOf(10, 20))).toBe('duplicate')
    expect(await committed(again, 0)).toEqual([plainCommit(0, 10), plainCommit(10, 20)])
  })

  test('[LS5] one commit sent many times at once is written by exactly one of them', async () => {
    const { harness, store } = current()
    const other = await harness.open()
    const { epoch } = await claimed(store, 0)
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 ? store : other).commit(0, epoch, commitOf(0, 10))),
    )
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(9)
    expect(await committed(store, 0)).toEqual([plainCommit(0, 10)])
  })

  test('[LS6] a commit that skips or goes back is a gap and stored nowhere', async () => {
    const { store } = current()
    const { epoch } = await claimed(store, 0)
    await store.commit(0, epoch, commitOf(0, 10))
    await store.commit(0, epoch, commitOf(10, 20))
    expect(await store.commit(0, epoch, commitOf(21, 30))).toBe('gap')
    expect(await store.commit(0, epoch, commitOf(0, 10))).toBe('gap')
    expect(await store.commit(0, epoch, commitOf(15, 30))).toBe('gap')
    expect(await committed(store, 0)).toEqual([plainCommit(0, 10), plainCommit(10, 20)])
    expect(await store.commit(0, epoch, commitOf(20, 30))).toBe('ok')
  })

  test('[LS6] a commit that ends where the own claim stands is a gap, not a duplicate: it was never stored', async () => {
    const { store } = current()
    const first = await claimed(store, 0)
    await store.commit(0, first.epoch, commitOf(0, 10))
    const { epoch } = await claimed(store, 0)
    expect(await store.commit(0, epoch, commitOf(0, 10))).toBe('gap')
    expect(await store.commit(0, epoch, commitOf(10, 20))).toBe('ok')
    expect(await store.commit(0, epoch, commitOf(15, 20))).toBe('gap')
  })

  test('[LS6] without state commit and put answer no-state and create nothing', async () => {
    const { harness, store } = current()
    expect(await store.commit(0, 1, commitOf(0, 10))).toBe('no-state')
    expect(await store.put(0, 1, [blobOf('b', 'f', 10, 'x')])).toBe('no-state')
    const { epoch } = await claimed(store, 1)
    await store.commit(1, epoch, commitOf(0, 10))
    await store.put(1, epoch, [blobOf('b', 'f', 10, 'x')])
    await harness.forget(1)
    expect(await store.commit(1, epoch, commitOf(10, 20))).toBe('no-state')
    expect(await store.put(1, epoch, [blobOf('b', 'f', 10, 'x')])).toBe('no-state')
    expect(await store.load(1, () => true)).toBeNull()
    expect(await store.readBlobs(1, 'b')).toEqual([])
  })
}

function fenceRules(current: Current): void {
  test('[LS7] after another claim the old owner can neither commit nor put, also where its commit would fit', async () => {
    const { harness, store } = current()
    const zombie = await claimed(store, 0, 'zombie')
    await store.commit(0, zombie.epoch, commitOf(0, 10))
    await store.put(0, zombie.epoch, [blobOf('b', 'f', 10, 'old')])
    const heir = await claimed(await harness.open(), 0, 'heir')
    expect(await store.commit(0, zombie.epoch, commitOf(10, 20))).toBe('fenced')
    expect(
      await store.put(0, zombie.epoch, [blobOf('b', 'f', 20, 'zombie'), blobOf('b2', 'g', 20, 'zombie')]),
    ).toBe('fenced')
    expect(await store.commit(0, heir.epoch, commitOf(10, 20))).toBe('ok')
    expect(await store.commit(0, zombie.epoch, commitOf(10, 20))).toBe('fenced')
    expect(await store.commit(0, zombie.epoch, commitOf(20, 30))).toBe('fenced')
    expect(await committed(store, 0)).toEqual([plainCommit(0, 10), plainCommit(10, 20)])
    expect((await store.readBlobs(0, 'b')).map((blob) => Buffer.from(blob.bytes ?? []).toString())).toEqual([
      'old',
    ])
    expect(await store.readBlobs(0, 'b2')).toEqual([])
  })

  test('[LS7] an epoch that was never given is fenced', async () => {
    const { store } = current()
    const { epoch } = await claimed(store, 0)
    expect(await store.commit(0, epoch + 1, commitOf(0, 10))).toBe('fenced')
    expect(await store.commit(0, epoch - 1, commitOf(0, 10))).toBe('fenced')
    expect(await store.put(0, epoch + 1, [blobOf('b', 'f', 0, 'x')])).toBe('fenced')
  })
}
