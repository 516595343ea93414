import { expect, test } from 'vitest'
import { embeddedStoreHarness } from '../embedded/contract-database.ts'
import { claimed, commitOf, until } from './contract-commits.ts'
import { TailRecorder } from './contract-tail.ts'
import { liveStoreContract } from './live-store.contract.ts'

liveStoreContract('embedded', embeddedStoreHarness)

// Only here is trimming exact, so that the claim can be missing while the commit after it is held.
test('[LS13] a commit of another owner whose claim was trimmed does not continue a chain', async () => {
  const harness = await embeddedStoreHarness()
  try {
    const store = await harness.open()
    const first = await claimed(store, 0, 'owner-a')
    await store.commit(0, first.epoch, commitOf(0, 10))
    const second = await claimed(store, 0, 'owner-b')
    await store.commit(0, second.epoch, commitOf(10, 20, 10))
    const tail = new TailRecorder().start(store, new Map([[0, { next: 10, epoch: first.epoch }]]))
    await until('reported', () => tail.broken.length > 0)
    expect(tail.commits).toEqual([])
    await tail.stop()
  } finally {
    await harness.destroy()
  }
})
