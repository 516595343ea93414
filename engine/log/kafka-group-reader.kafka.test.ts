// What a group does when members are killed or stopped, which only processes can show; and when the topic is replaced.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Admin } from '@platformatic/kafka'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { kafkaBrokers, redisUrl } from '../../toolchain/test-servers.mjs'
import { LogRecreatedError } from '../kafka/kafka-errors.ts'
import { NumberedAppends } from '../faults/numbered-appends.ts'
import { openRedisLiveStore } from '../store/redis-live-store.ts'
import { ConsumptionRecorder, until } from './contract-records.ts'
import { type KafkaEventLog, openKafkaEventLog } from './kafka-event-log.ts'
import { ensureTopics, topicNames } from './kafka-topics.ts'

interface Told {
  event: string
  partitions: number[]
}

/** A counting-process.ts, and what it has told so far. */
class Owner {
  readonly told: Told[] = []
  readonly child: ChildProcess

  constructor(topic: string, name: string, group: string, member: string) {
    const script = fileURLToPath(new URL('../faults/counting-process.ts', import.meta.url))
    const args = ['--conditions=source', script, kafkaBrokers(), topic, redisUrl(), name, group, member]
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream })
    lines.on('line', (line) => this.told.push(JSON.parse(line) as Told))
  }

  /** How many partitions it was assigned last. */
  get assigned(): number {
    return this.told.findLast(({ event }) => event === 'assigned')?.partitions.length ?? 0
  }

  heard(event: string): boolean {
    return this.told.some((one) => one.event === event)
  }
}

let names: ReturnType<typeof topicNames>
let name: string
let log: KafkaEventLog
const owners: Owner[] = []

beforeEach(async () => {
  name = `test-${randomUUID()}`
  names = topicNames(`${name}.interactions`)
  await ensureTopics([kafkaBrokers()], names, { msMax: 20_000 })
  log = await openKafkaEventLog({ brokers: [kafkaBrokers()], topic: names.interactions })
})

afterEach(async () => {
  for (const owner of owners.splice(0)) owner.child.kill('SIGKILL')
  await log.close()
})

function start(member: string): Owner {
  const owner = new Owner(names.interactions, name, 'counters', member)
  owners.push(owner)
  return owner
}

/** Records counted in the store, and whether every partition has been counted to its end. */
async function counted(): Promise<{ records: number; complete: boolean }> {
  const store = await openRedisLiveStore({ url: redisUrl(), name, partitions: log.partitions })
  let records = 0
  let complete = true
  for (let partition = 0; partition < log.partitions; partition++) {
    const snapshot = await store.load(partition, () => false)
    const { end } = await log.bounds(partition)
    if (snapshot?.cursor.next !== end) complete = false
    for (const commit of snapshot?.commits ?? []) {
      if (commit.first === commit.next) continue
      records += (JSON.parse(Buffer.from(commit.publicDelta).toString()) as { records: number }).records
    }
  }
  await store.close()
  return { records, complete }
}

test('[KF4] a stopped owner is replaced, fenced when it wakes, and takes part again; a killed one is replaced: all counted once', async () => {
  const first = start('owner-a')
  await until('the first has all', () => first.assigned === 12)
  const second = start('owner-b')
  await until('shared', () => first.assigned === 6 && second.assigned === 6)
  const appends = new NumberedAppends(log)
  const appending = appends.run(60_000, 2_000)

  await until('some acknowledged', () => appends.with('acknowledged').length > 1_000)
  const stoppedAtMs = performance.now()
  first.child.kill('SIGSTOP')
  await until('the second has all', () => second.assigned === 12)
  expect(performance.now() - stoppedAtMs).toBeLessThan(10_000)
  first.child.kill('SIGCONT')
  await until('the zombie is fenced', () => first.heard('fenced'))
  await until('shared again', () => first.told.length > 3 && first.assigned === 6 && second.assigned === 6)

  const killedAtMs = performance.now()
  second.child.kill('SIGKILL')
  await until('the first has all', () => first.assigned === 12)
  expect(performance.now() - killedAtMs).toBeLessThan(10_000)

  appends.stop()
  await appending
  await until('settled', () => appends.with('pending').length === 0)
  const deadline = performance.now() + 15_000
  let seen = await counted()
  while (!seen.complete && performance.now() < deadline) seen = await counted()
  expect(seen).toEqual({ records: appends.with('acknowledged').length, complete: true })
}, 90_000)

test('[KF5] a topic that was deleted and created anew ends the consumption, and offsets of the old one are not used', async () => {
  const recorder = new ConsumptionRecorder()
  const consumption = await recorder.start(log)
  await until('assigned', () => recorder.owned.size === log.partitions)
  const identity = await log.identity()
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [kafkaBrokers()] })
  await admin.deleteTopics({ topics: [names.interactions] })
  await admin.close()
  await ensureTopics([kafkaBrokers()], names, { msMax: 20_000 })
  await expect(consumption.ended).rejects.toThrow(LogRecreatedError)
  expect(recorder.steps.at(-1)).toBe('revoked')
  expect(await log.identity()).not.toBe(identity)
})
