/**
 * The smallest owner of partitions, as a process of its own that tests can kill and stop: it counts records, and commits
 * the count with the next offset. Each record is held for a while before it is committed, so that a signal nearly always
 * hits it with work in hand.
 *
 * node --conditions=source counting-process.ts <brokers> <topic> <redis url> <installation> <group> <member>
 * Writes a JSON line for each thing that happens.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { openKafkaEventLog } from '../log/kafka-event-log.ts'
import { openRedisLiveStore } from '../store/redis-live-store.ts'

const holdMs = 100

const [brokers, topic, url, name, group, member] = process.argv.slice(2)
const log = await openKafkaEventLog({ brokers: [brokers], topic })
const store = await openRedisLiveStore({ url, name, partitions: log.partitions })
const owned = new Map<number, { epoch: number; next: number }>()

function tell(event: string, partitions: number[]): void {
  process.stdout.write(`${JSON.stringify({ event, partitions })}\n`)
}

async function count(partition: number, records: number, next: number): Promise<void> {
  await sleep(holdMs)
  const state = owned.get(partition)
  if (state === undefined) return
  const publicDelta = Buffer.from(JSON.stringify({ records }))
  const commit = { first: state.next, next, publicDelta, privatePart: new Uint8Array(0), floor: 0 }
  const outcome = await store.commit(partition, state.epoch, commit)
  if (outcome === 'ok' || outcome === 'duplicate') {
    state.next = next
  } else {
    owned.delete(partition)
    tell(outcome, [partition])
  }
}

const consumption = await log.consume({
  group,
  member,
  onAssign: async (partitions) => {
    const identity = await log.identity()
    const offsets = new Map<number, number>()
    for (const partition of partitions) {
      const claim = await store.claim(partition, member, identity, 0)
      if (claim.outcome !== 'ok') throw new Error(`claim refused: ${claim.outcome}`)
      owned.set(partition, { epoch: claim.epoch, next: claim.next })
      offsets.set(partition, claim.next)
    }
    tell('assigned', partitions)
    return offsets
  },
  onRevoke: async (partitions, lost) => {
    owned.clear()
    tell(lost ? 'lost' : 'revoked', partitions)
  },
  onRecords: (partition, records) => count(partition, records.length, records[records.length - 1].offset + 1),
  onOutOfRange: async () => undefined,
})
await consumption.ended
