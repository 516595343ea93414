import { describe } from 'vitest'
import { blobRules } from './blob.contract.ts'
import { claimRules } from './claim.contract.ts'
import { commitRules } from './commit.contract.ts'
import { damageRules } from './damage.contract.ts'
import type { LiveStore } from './live-store.ts'
import { ownerRules } from './owners.contract.ts'
import { snapshotRules } from './snapshot.contract.ts'
import { tailRules } from './tail.contract.ts'

/** One store of its own, empty at first, that a test can open, restart and hurt. */
export interface LiveStoreHarness {
  /** A handle on the store, as a process has it; several at a time. */
  open(): Promise<LiveStore>
  /** Closes all handles opened so far (and ends the server or file behind them, where it can) and opens a new one. */
  reopen(): Promise<LiveStore>
  /** Deletes all state of a partition behind the store's back, as an emptied server does. */
  forget(partition: number): Promise<void>
  /** Flips one bit of a stored blob behind the store's back. */
  damageBlob(partition: number, bucket: string, field: string): Promise<void>
  /** Flips one bit of the public delta of the stored commit that ends at `next`. */
  damageCommit(partition: number, next: number): Promise<void>
  /** Closes what is still open and removes the store. */
  destroy(): Promise<void>
}

/** Creates a store of its own for one test. */
export type LiveStoreFactory = () => Promise<LiveStoreHarness>

/** All rules LS… of engine/SPEC.md. Every implementation of LiveStore runs this suite whole. */
export function liveStoreContract(name: string, factory: LiveStoreFactory): void {
  describe(`live store: ${name}`, { timeout: 60_000 }, () => {
    describe('claim', () => claimRules(factory))
    describe('commit', () => commitRules(factory))
    describe('blobs', () => blobRules(factory))
    describe('snapshot', () => snapshotRules(factory))
    describe('tail', () => tailRules(factory))
    describe('damage', () => damageRules(factory))
    describe('owners', () => ownerRules(factory))
  })
}
