import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimed, commitOf, logIdentity } from './contract-commits.ts'
import type { LiveStoreFactory, LiveStoreHarness } from './live-store.contract.ts'
import type { LiveStore } from './live-store.ts'

/** Rules LS1 to LS3: taking a partition over. */
export function claimRules(factory: LiveStoreFactory): void {
  let harness: LiveStoreHarness
  let store: LiveStore
  beforeEach(async () => {
    harness = await factory()
    store = await harness.open()
  })
  afterEach(() => harness.destroy())

  test('[LS1] a claim that must not create answers no-state and creates nothing', async () => {
    expect(await store.claim(0, 'owner-a', logIdentity, null)).toEqual({ outcome: 'no-state' })
    expect(await store.claim(0, 'owner-a', logIdentity, null)).toEqual({ outcome: 'no-state' })
    expect(await store.load(0, () => true)).toBeNull()
  })

  test('[LS1] a claim creates the partition at initialNext, once; later ones find what is there', async () => {
    const first = await store.claim(3, 'owner-a', logIdentity, 120)
    expect(first).toMatchObject({ outcome: 'ok', next: 120, created: true })
    const second = await store.claim(3, 'owner-b', logIdentity, 999)
    expect(second).toMatchObject({ outcome: 'ok', next: 120, created: false })
    const third = await store.claim(3, 'owner-c', logIdentity, null)
    expect(third).toMatchObject({ outcome: 'ok', next: 120, created: false })
    expect(await store.load(4, () => true)).toBeNull()
  })

  test('[LS2] the epoch grows with every claim, in every handle and across a restart', async () => {
    const epochs: number[] = []
    const other = await harness.open()
    for (let round = 0; round < 10; round++) {
      epochs.push((await claimed(round % 2 ? store : other, 0)).epoch)
    }
    const again = await harness.reopen()
    for (let round = 0; round < 3; round++) epochs.push((await claimed(again, 0)).epoch)
    for (let i = 1; i < epochs.length; i++) expect(epochs[i]).toBeGreaterThan(epochs[i - 1])
    expect(epochs.every((epoch) => Number.isSafeInteger(epoch) && epoch > 0)).toBe(true)
  })

  test('[LS2] concurrent claims get different epochs and the highest of them holds', async () => {
    const other = await harness.open()
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, i) => claimed(i % 2 ? store : other, 5, `owner-${i}`)),
    )
    const epochs = claims.map((claim) => claim.epoch)
    expect(new Set(epochs).size).toBe(20)
    expect(claims.filter((claim) => claim.created)).toHaveLength(1)
    const highest = Math.max(...epochs)
    for (const epoch of epochs) {
      if (epoch !== highest) expect(await store.commit(5, epoch, commitOf(0, 10))).toBe('fenced')
    }
    expect(await store.commit(5, highest, commitOf(0, 10))).toBe('ok')
  })

  test('[LS3] another log is refused, with the identity that is stored, and changes nothing', async () => {
    const claim = await claimed(store, 1)
    expect(await store.claim(1, 'owner-b', 'log-2', 0)).toEqual({ outcome: 'other-log', stored: logIdentity })
    expect(await store.claim(1, 'owner-b', 'log-2', null)).toEqual({
      outcome: 'other-log',
      stored: logIdentity,
    })
    expect(await store.commit(1, claim.epoch, commitOf(0, 10))).toBe('ok')
    const again = await harness.reopen()
    expect(await again.claim(1, 'owner-b', 'log-2', 0)).toEqual({ outcome: 'other-log', stored: logIdentity })
  })

  test('[LS3] after its state was lost a partition can be created anew, for another log too', async () => {
    await claimed(store, 1)
    await harness.forget(1)
    expect(await store.claim(1, 'owner-a', 'log-2', null)).toEqual({ outcome: 'no-state' })
    expect(await store.claim(1, 'owner-a', 'log-2', 7)).toMatchObject({
      outcome: 'ok',
      next: 7,
      created: true,
    })
  })
}
