import { setTimeout as sleep } from 'node:timers/promises'
import type { LiveStore } from '@sightline/engine/store/live-store'

/** A store that behaves like `inner` but for the given members. */
export function tamperedStore(inner: LiveStore, members: Partial<LiveStore>): LiveStore {
  return {
    claim: (partition, owner, log, initialNext) => inner.claim(partition, owner, log, initialNext),
    commit: (partition, epoch, commit) => inner.commit(partition, epoch, commit),
    put: (partition, epoch, blobs) => inner.put(partition, epoch, blobs),
    load: (partition, wanted) => inner.load(partition, wanted),
    tail: (cursors, handlers, signal) => inner.tail(cursors, handlers, signal),
    readBlobs: (partition, bucket, fields) => inner.readBlobs(partition, bucket, fields),
    close: () => inner.close(),
    ...members,
  }
}

/** How long holdCommits keeps a commit back, ms. */
const holdMs = 200

/** A store slow enough that a signal always hits its processor with commits on their way. */
export function holdCommits(inner: LiveStore): LiveStore {
  return tamperedStore(inner, {
    async commit(partition, epoch, commit) {
      await sleep(holdMs)
      return inner.commit(partition, epoch, commit)
    },
  })
}
