/** The real processor on a slow store, which says on standard error each time that the fence refuses one of its commits. */
import type { LiveStore } from '@sightline/engine/store/live-store'
import { runFaultyRole } from './faulty-role.ts'
import { holdCommits, tamperedStore } from './tampered-store.ts'

function tellRefusals(store: LiveStore): LiveStore {
  return tamperedStore(store, {
    async commit(partition, epoch, commit) {
      const outcome = await store.commit(partition, epoch, commit)
      if (outcome === 'fenced') process.stderr.write(`refused by the fence: partition ${partition}\n`)
      return outcome
    },
  })
}

await runFaultyRole(({ store }) => ({ store: tellRefusals(holdCommits(store)) }))
