/**
 * A processor whose position is kept apart from its state: in a file of its own, written a little before the state, as
 * a consumer does that commits its offsets to the group on a timer. Killed in between, it goes on behind records that no
 * state holds.
 *
 * Environment: SPLIT_OFFSETS_FILE, where the positions are kept.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LiveStore } from '@sightline/engine/store/live-store'
import { runFaultyRole } from './faulty-role.ts'
import { tamperedStore } from './tampered-store.ts'

/** How much later than the position the state is written, ms. */
const lateMs = 500

const file = process.env.SPLIT_OFFSETS_FILE ?? ''
const positions: Record<number, number> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}

function writePosition(partition: number, next: number): void {
  positions[partition] = next
  writeFileSync(`${file}.part`, JSON.stringify(positions))
  renameSync(`${file}.part`, file)
}

function splitOffset(store: LiveStore): LiveStore {
  /** Where the state really is: what the store's chain of commits has to continue. */
  const stored = new Map<number, number>()
  return tamperedStore(store, {
    async load(partition, wanted) {
      const snapshot = await store.load(partition, wanted)
      if (snapshot === null) return null
      const { next, epoch } = snapshot.cursor
      stored.set(partition, next)
      return { ...snapshot, cursor: { next: Math.max(next, positions[partition] ?? 0), epoch } }
    },
    async commit(partition, epoch, commit) {
      writePosition(partition, commit.next)
      await sleep(lateMs)
      const outcome = await store.commit(partition, epoch, { ...commit, first: stored.get(partition) ?? 0 })
      if (outcome === 'ok') stored.set(partition, commit.next)
      return outcome
    },
  })
}

await runFaultyRole(({ store }) => ({ store: splitOffset(store) }))
