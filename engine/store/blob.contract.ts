import { afterEach, beforeEach, expect, test } from 'vitest'
import { blobOf, bytesOf, claimed, pause, plainBlobs, until } from './contract-commits.ts'
import type { LiveStoreFactory, LiveStoreHarness } from './live-store.contract.ts'
import type { Blob, LiveStore } from './live-store.ts'

/** Rules LS8 and LS9: absolute blobs and their expiry. */
export function blobRules(factory: LiveStoreFactory): void {
  let harness: LiveStoreHarness
  let store: LiveStore
  beforeEach(async () => {
    harness = await factory()
    store = await harness.open()
  })
  afterEach(() => harness.destroy())

  contentRules(() => ({ harness, store }))
  expiryRules(() => ({ harness, store }))
}

type Current = () => { harness: LiveStoreHarness; store: LiveStore }

function contentRules(current: Current): void {
  test('[LS8] put replaces what is there, null deletes, others stay; a restart keeps it all', async () => {
    const { harness, store } = current()
    const { epoch } = await claimed(store, 0)
    const names = ['series:1m:1700000000000', 'now']
    await store.put(0, epoch, [
      blobOf(names[0], 'a', 5, 'a5'),
      blobOf(names[0], 'b', 5, 'b5'),
      blobOf(names[1], 'a', 5, 'n5'),
    ])
    expect(await store.put(0, epoch, [blobOf(names[0], 'a', 9, 'a9'), blobOf(names[1], 'a', 9, null)])).toBe(
      'ok',
    )
    await store.put(0, epoch, [blobOf('never written', 'a', 9, null)])
    const again = await harness.reopen()
    expect(plainBlobs(await again.readBlobs(0, names[0]))).toEqual([
      `${names[0]} a @9 a9`,
      `${names[0]} b @5 b5`,
    ])
    expect(await again.readBlobs(0, names[1])).toEqual([])
    expect(await again.readBlobs(0, 'never written')).toEqual([])
    expect(await again.readBlobs(1, names[0])).toEqual([])
  })

  test('[LS8] readBlobs gives the named fields that exist, or all; names may hold any text', async () => {
    const { store } = current()
    const { epoch } = await claimed(store, 0)
    const fields = ['1//über?q=ä&x=1', '1 2', '', 'a:b{c}', '__proto__', 'a'.repeat(1_024)]
    await store.put(
      0,
      epoch,
      fields.map((field, i) => blobOf('grid:1h:{x} ü', field, i, `blob ${i}`)),
    )
    expect((await store.readBlobs(0, 'grid:1h:{x} ü')).map((blob) => blob.field).sort()).toEqual(
      [...fields].sort(),
    )
    const named = await store.readBlobs(0, 'grid:1h:{x} ü', ['__proto__', 'missing', ''])
    expect(named.map((blob) => blob.field).sort()).toEqual(['', '__proto__'])
    expect(await store.readBlobs(0, 'grid:1h:{x} ü', [])).toEqual([])
  })

  test('[LS8] many blobs in one put, and large and empty bytes, come back whole', async () => {
    const { store } = current()
    const { epoch } = await claimed(store, 7)
    const blobs: Blob[] = Array.from({ length: 5_000 }, (_, i) =>
      blobOf(`bucket:${i % 3}`, `f${i}`, i, `v${i}`),
    )
    blobs.push({ ...blobOf('bucket:0', 'large', 1, ''), bytes: new Uint8Array(1_500_000).fill(9) })
    blobs.push({ ...blobOf('bucket:0', 'empty', 1, ''), bytes: new Uint8Array(0) })
    expect(await store.put(7, epoch, blobs)).toBe('ok')
    const read = (await Promise.all([0, 1, 2].map((i) => store.readBlobs(7, `bucket:${i}`)))).flat()
    const large = read.find((blob) => blob.field === 'large')?.bytes
    expect(large?.length).toBe(1_500_000)
    expect(large?.every((byte) => byte === 9)).toBe(true)
    expect(read.find((blob) => blob.field === 'empty')?.bytes).toHaveLength(0)
    const small = (all: Blob[]) => plainBlobs(all.filter((blob) => blob.field !== 'large'))
    expect(small(read)).toEqual(small(blobs))
    expect(await store.put(7, epoch, [])).toBe('ok')
  })
}

function expiryRules(current: Current): void {
  test('[LS9] a bucket vanishes after its expiry from reading and loading; others stay', async () => {
    const { store } = current()
    const { epoch } = await claimed(store, 0)
    const soon = Date.now() + 1_500
    const far = Date.now() + 3_600_000
    await store.put(0, epoch, [
      { bucket: 'soon', field: 'a', upto: 0, bytes: bytesOf('soon'), expireAtMs: soon },
      { bucket: 'far', field: 'a', upto: 0, bytes: bytesOf('far'), expireAtMs: far },
      { bucket: 'never', field: 'a', upto: 0, bytes: bytesOf('never'), expireAtMs: null },
    ])
    expect(await store.readBlobs(0, 'soon')).toHaveLength(1)
    expect((await store.readBlobs(0, 'far'))[0].expireAtMs).toBe(far)
    expect((await store.readBlobs(0, 'never'))[0].expireAtMs).toBeNull()
    await until('the bucket is gone', async () => (await store.readBlobs(0, 'soon')).length === 0)
    expect(Date.now()).toBeGreaterThanOrEqual(soon - 5)
    const asked: string[] = []
    const snapshot = await store.load(0, (bucket) => asked.push(bucket) > 0)
    expect(snapshot?.blobs.map((blob) => blob.bucket).sort()).toEqual(['far', 'never'])
    expect([...new Set(asked)].sort()).toEqual(['far', 'never'])
  })

  test('[LS9] a bucket that was written after its expiry is not seen', async () => {
    const { store } = current()
    const { epoch } = await claimed(store, 0)
    const past = Date.now() - 60_000
    expect(
      await store.put(0, epoch, [
        { bucket: 'old', field: 'a', upto: 0, bytes: bytesOf('x'), expireAtMs: past },
      ]),
    ).toBe('ok')
    await pause(50)
    expect(await store.readBlobs(0, 'old')).toEqual([])
  })
}
