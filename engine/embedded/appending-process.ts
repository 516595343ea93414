import { openSync, writeSync } from 'node:fs'
import { EmbeddedEventLog } from '../log/embedded-event-log.ts'
import { EmbeddedLiveStore } from '../store/embedded-live-store.ts'
import { EmbeddedDatabase } from './embedded-database.ts'

/**
 * A process that the crash tests kill: appends records and commits state as fast as they are acknowledged, and writes
 * a line into a file for each acknowledgement at the moment of it: `a <partition> <offset> <ordinal>` or `c <next>`.
 * Arguments: folder, file.
 */
const report = openSync(process.argv[3], 'a')
const database = await EmbeddedDatabase.open({ directory: process.argv[2] })
const log = new EmbeddedEventLog(database, { pendingRecordsMax: 400 })
const store = new EmbeddedLiveStore(database)
const encoder = new TextEncoder()
let ordinal = 0

function appendMore(): void {
  for (;;) {
    const own = ordinal
    const partition = own % log.partitions
    const value = encoder.encode(`${process.pid} ${own} ${'x'.repeat(own % 300)}`)
    const taken = log.append(partition, encoder.encode(`k${own}`), value, Date.now(), (error, offset) => {
      if (error === null) writeSync(report, `a ${partition} ${offset} ${own}\n`)
      else throw error
    })
    if (!taken) break
    ordinal++
  }
  setTimeout(appendMore, 1)
}

async function commitMore(): Promise<never> {
  const claim = await store.claim(0, `process-${process.pid}`, database.identity, 0)
  if (claim.outcome !== 'ok') throw new Error(claim.outcome)
  for (let next = claim.next + 1; ; next++) {
    const publicDelta = encoder.encode(`delta ${next}`)
    const outcome = await store.commit(0, claim.epoch, {
      first: next - 1,
      next,
      publicDelta,
      privatePart: publicDelta,
      floor: 0,
    })
    if (outcome !== 'ok') throw new Error(outcome)
    writeSync(report, `c ${next}\n`)
  }
}

writeSync(report, `open ${process.pid}\n`)
appendMore()
await commitMore()
