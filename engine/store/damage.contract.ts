import { afterEach, beforeEach, expect, test } from 'vitest'
import { DamageError } from '../damage-error.ts'
import { blobOf, claimed, commitOf, plainBlobs, plainCommit, until } from './contract-commits.ts'
import { cursorOf, TailRecorder } from './contract-tail.ts'
import type { LiveStoreFactory, LiveStoreHarness } from './live-store.contract.ts'
import type { LiveStore } from './live-store.ts'

/** Rule LS14: damaged bytes are found when read and named; the rest goes on. Rule LS16: close. */
export function damageRules(factory: LiveStoreFactory): void {
  let harness: LiveStoreHarness
  let store: LiveStore
  beforeEach(async () => {
    harness = await factory()
    store = await harness.open()
  })
  afterEach(() => harness.destroy())

  blobDamageRules(() => ({ harness, store }))
  commitDamageRules(() => ({ harness, store }))

  test('[LS16] close ends a tail that runs; calls after close are rejected', async () => {
    const { epoch } = await claimed(store, 0)
    const tail = new TailRecorder().start(store, new Map([[0, await cursorOf(store, 0)]]))
    await store.close()
    await tail.ended
    await expect(store.claim(0, 'owner-a', 'log-1', 0)).rejects.toThrow()
    await expect(store.commit(0, epoch, commitOf(0, 10))).rejects.toThrow()
    await expect(store.load(0, () => true)).rejects.toThrow()
    await store.close()
    const other = await harness.open()
    expect(await other.commit(0, epoch, commitOf(0, 10))).toBe('ok')
  })
}

type Current = () => { harness: LiveStoreHarness; store: LiveStore }

/** The error of a promise that must fail with damage. */
async function damageOf(work: Promise<unknown>): Promise<DamageError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(DamageError)
  return error as DamageError
}

function blobDamageRules(current: Current): void {
  test('[LS14] a damaged blob is named when read or loaded; other blobs can be read; put mends it', async () => {
    const { harness, store } = current()
    const { epoch } = await claimed(store, 0)
    await store.commit(0, epoch, commitOf(0, 10))
    await store.put(0, epoch, [
      blobOf('x', 'f', 10, 'whole f'),
      blobOf('x', 'g', 10, 'whole g'),
      blobOf('y', 'f', 10, 'whole y'),
    ])
    await harness.damageBlob(0, 'x', 'f')
    expect(plainBlobs(await store.readBlobs(0, 'x', ['g']))).toEqual(['x g @10 whole g'])
    expect((await damageOf(store.readBlobs(0, 'x', ['f']))).message).toMatch(/x.*f/)
    expect((await damageOf(store.readBlobs(0, 'x'))).entry).toContain('f')
    expect((await damageOf(store.load(0, () => true))).entry).toContain('f')
    expect((await store.load(0, (bucket) => bucket === 'y'))?.blobs).toHaveLength(1)
    expect(await store.commit(0, epoch, commitOf(10, 20))).toBe('ok')
    await store.put(0, epoch, [blobOf('x', 'f', 20, 'new f')])
    expect(plainBlobs(await store.readBlobs(0, 'x'))).toEqual(['x f @20 new f', 'x g @10 whole g'])
  })
}

function commitDamageRules(current: Current): void {
  test('[LS14] a damaged commit is named by load; the owner can go on and trimming removes it', async () => {
    const { harness, store } = current()
    const { epoch } = await claimed(store, 0)
    for (let i = 0; i < 5; i++) await store.commit(0, epoch, commitOf(i * 10, i * 10 + 10))
    await harness.damageCommit(0, 30)
    expect((await damageOf(store.load(0, () => true))).entry).toContain('30')
    for (let i = 5; i < 500; i++)
      expect(await store.commit(0, epoch, commitOf(i * 10, i * 10 + 10, i * 10))).toBe('ok')
    expect((await store.load(0, () => true))?.cursor.next).toBe(5_000)
  })

  test('[LS14] a follower is not given a damaged commit: its chain is broken, those before it arrive', async () => {
    const { harness, store } = current()
    const { epoch } = await claimed(store, 0)
    const start = await cursorOf(store, 0)
    for (let i = 0; i < 5; i++) await store.commit(0, epoch, commitOf(i * 10, i * 10 + 10))
    await harness.damageCommit(0, 30)
    const tail = new TailRecorder().start(store, new Map([[0, start]]))
    await until('reported', () => tail.broken.length > 0)
    expect(tail.of(0)).toEqual([plainCommit(0, 10), plainCommit(10, 20)])
    await tail.stop()
  })
}
