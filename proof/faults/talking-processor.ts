/** The real processor, which says on standard error each time that the fence refuses one of its commits. */
import { runFaultyRole } from './faulty-role.ts'
import { tamperedStore } from './tampered-store.ts'

await runFaultyRole(({ store }) => ({
  store: tamperedStore(store, {
    async commit(partition, epoch, commit) {
      const outcome = await store.commit(partition, epoch, commit)
      if (outcome === 'fenced') process.stderr.write(`refused by the fence: partition ${partition}\n`)
      return outcome
    },
  }),
}))
