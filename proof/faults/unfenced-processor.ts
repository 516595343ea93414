/**
 * A processor on a slow store without the fence: a commit is written whoever owns the partition by now, under the epoch and from the
 * offset that it finds there. Woken after others took over, it counts once more what they have counted.
 * Says on standard error each time that the fence would have refused.
 */
import type { Commit, CommitOutcome, LiveStore } from '@sightline/engine/store/live-store'
import { runFaultyRole } from './faulty-role.ts'
import { holdCommits, tamperedStore } from './tampered-store.ts'

function withoutFence(store: LiveStore): LiveStore {
  async function commitAnyhow(partition: number, epoch: number, commit: Commit): Promise<CommitOutcome> {
    const outcome = await store.commit(partition, epoch, commit)
    if (outcome !== 'fenced' && outcome !== 'gap') return outcome
    process.stderr.write(`written without a fence: partition ${partition}\n`)
    while (true) {
      const snapshot = await store.load(partition, () => false)
      if (snapshot === null) return 'no-state'
      const { cursor } = snapshot
      const next = Math.max(commit.next, cursor.next + 1)
      const again = await store.commit(partition, cursor.epoch, { ...commit, first: cursor.next, next })
      if (again !== 'fenced' && again !== 'gap') return again
    }
  }
  return tamperedStore(store, { commit: commitAnyhow })
}

await runFaultyRole(({ store }) => ({ store: withoutFence(holdCommits(store)) }))
