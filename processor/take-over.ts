import { isPrivate, PartitionMemory } from '@sightline/aggregates/partition-memory'
import { closedBucket } from '@sightline/aggregates/holding'
import { PartitionState } from '@sightline/aggregates/partition-state'
import type { Engine } from '@sightline/engine/engine'
import { OwnedPartition } from './owned-partition.ts'
import { OwnershipLost } from './ownership-lost.ts'

export interface TakeOver {
  owned: OwnedPartition
  /** There was no state: the partition begins where the log does. */
  created: boolean
}

/** The stored state belongs to another log: a topic that was deleted and made anew, or another database. */
export class OtherLog extends Error {
  constructor(partition: number, stored: string, actual: string) {
    super(
      `the state of partition ${partition} belongs to log ${stored}, but this log is ${actual}; use another Redis prefix or topic`,
    )
    this.name = 'OtherLog'
  }
}

/**
 * Takes a partition over: claims it (from here on an earlier owner's writes are refused), loads the blobs that may still
 * change, and replays the commits that are newer than them. `nowMs` is monotonic.
 * @throws OtherLog, DamageError, or OwnershipLost when the state was lost meanwhile
 */
export async function takeOver(
  engine: Pick<Engine, 'log' | 'store'>,
  partition: number,
  owner: string,
  nowMs: number,
): Promise<TakeOver> {
  const { store, log } = engine
  const identity = await log.identity()
  const { start } = await log.bounds(partition)
  const claim = await store.claim(partition, owner, identity, start)
  if (claim.outcome === 'other-log') throw new OtherLog(partition, claim.stored, identity)
  if (claim.outcome === 'no-state')
    throw new Error(`partition ${partition}: the store refused to create state`)

  const memory = new PartitionMemory()
  const [closed] = presentBlobs(await store.readBlobs(partition, closedBucket))
  const state = PartitionState.forOwner(closed ?? null)
  const snapshot = await store.load(partition, (bucket) => isPrivate({ bucket }) || state.wants(bucket))
  // It vanished after the claim.
  if (snapshot === null) throw new OwnershipLost(partition, 'no-state')
  const blobs = presentBlobs(snapshot.blobs)
  memory.loadBlobs(blobs)
  for (const blob of blobs) if (!isPrivate(blob)) state.loadBlob(blob)
  for (const { first, next, privatePart, publicDelta } of snapshot.commits) {
    if (next === first) continue // a claim
    memory.replay(privatePart, first, next)
    state.apply(publicDelta, first, next)
  }
  const { next } = snapshot.cursor
  const heldFrom = snapshot.commits[0]?.first ?? next
  const owned = new OwnedPartition(
    { partition, epoch: claim.epoch, next, heldFrom, atMs: nowMs },
    memory,
    state,
  )
  return { owned, created: claim.created }
}

function presentBlobs<B extends { bytes: Uint8Array | null }>(blobs: B[]): (B & { bytes: Uint8Array })[] {
  return blobs.filter((blob): blob is B & { bytes: Uint8Array } => blob.bytes !== null)
}
