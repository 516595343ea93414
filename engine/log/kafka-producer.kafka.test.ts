// The producer and the reader under faults that a shared broker can't be given: cut connections, kill -9.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type KafkaServer, startKafka } from '../../toolchain/kafka-server.mjs'
import { CutProxy } from '../faults/cut-proxy.ts'
import { NumberedAppends, NumberedRecords } from '../faults/numbered-appends.ts'
import { until } from './contract-records.ts'
import { type KafkaEventLog, openKafkaEventLog } from './kafka-event-log.ts'
import { AppendError } from './kafka-producer.ts'
import { ensureTopics, topicNames } from './kafka-topics.ts'

let dir: string
let kafka: KafkaServer
let proxy: CutProxy
let advertised: number
let log: KafkaEventLog
let brokers: string[]
let topic: string

// Reproducible: which connection is cut when.
let seed = 20_261_124
const random = (): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

async function startBroker(port: number): Promise<void> {
  const settings = { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${advertised}` }
  kafka = await startKafka({ dir, port, fast: true, settings })
}

beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-faults-'))
  proxy = new CutProxy(() => kafka.port, random)
  advertised = await proxy.listen()
  await startBroker(0)
  brokers = [`127.0.0.1:${advertised}`]
})

afterAll(async () => {
  await proxy.close()
  await kafka.stop()
  await rm(dir, { recursive: true, force: true })
})

beforeEach(async () => {
  const names = topicNames(`faults-${randomUUID()}.interactions`)
  topic = names.interactions
  await ensureTopics(brokers, names, { msMax: 20_000 })
  log = await openKafkaEventLog({ brokers, topic })
})

afterEach(() => log.close())

/** Reads everything, while it is written and afterwards. */
async function readAll(into: NumberedRecords) {
  return log.consume({
    group: randomUUID(),
    member: 'reader',
    onAssign: async (partitions) => new Map(partitions.map((partition) => [partition, into.next(partition)])),
    onRevoke: async () => {},
    onRecords: (partition, records) => {
      for (const record of records) into.take(partition, record.offset, record.value)
      return undefined
    },
    onOutOfRange: async () => undefined,
  })
}

test('[KF1] connections cut after the request and before the answer: nothing lost, doubled or reordered', async () => {
  const records = new NumberedRecords()
  const consumption = await readAll(records)
  const appends = new NumberedAppends(log)
  const cutting = setInterval(() => proxy.cutOne(), 150)
  try {
    await appends.run(20_000, 4_000)
    await until('all settled', () => appends.with('pending').length === 0, 30_000)
  } finally {
    clearInterval(cutting)
  }
  expect(proxy.cuts).toBeGreaterThan(15)
  expect(appends.with('acknowledged')).toHaveLength(20_000)
  await until('all read', () => records.count >= 20_000)
  await consumption.stop()
  expect(records.count).toBe(20_000)
  expect(records.jumps).toEqual([])
  expect(records.compare(appends)).toEqual({ lost: [], doubled: [], reordered: [] })
})

test('[KF2] kill -9 of the broker and a restart: all appends are settled in time, nothing acknowledged is lost', async () => {
  const records = new NumberedRecords()
  const consumption = await readAll(records)
  const appends = new NumberedAppends(log)
  const appending = appends.run(12_000, 2_000)
  await until('some acknowledged', () => appends.with('acknowledged').length > 1_500)
  await kafka.kill('SIGKILL')
  await startBroker(kafka.port)
  await appending
  await until('all settled', () => appends.with('pending').length === 0, 40_000)
  expect(appends.with('acknowledged')).toHaveLength(12_000)
  await until('all read', () => records.count >= 12_000)
  await consumption.stop()
  expect(records.jumps).toEqual([])
  expect(records.compare(appends)).toEqual({ lost: [], doubled: [], reordered: [] })
})

test('[KF3] without a broker appends fail after the delivery time, and later ones are written under a new producer id', async () => {
  await log.close()
  log = await openKafkaEventLog({ brokers, topic, deliveryMsMax: 1_000 })
  const before = new NumberedAppends(log)
  await before.run(240, 5_000)
  await until('acknowledged', () => before.with('pending').length === 0)
  await kafka.kill('SIGKILL')
  const during = new NumberedAppends(log)
  await during.run(600, 1_000)
  await until('all failed', () => during.with('pending').length === 0, 15_000)
  expect(during.with('failed')).toHaveLength(600)
  expect(during.errors.every((error) => error instanceof AppendError)).toBe(true)
  expect(during.slowestMs).toBeLessThan(5_000)
  expect(log.pending()).toEqual({ records: 0, bytes: 0 })
  await startBroker(kafka.port)
  const ends = await Promise.all(
    Array.from({ length: log.partitions }, (_, partition) => log.bounds(partition)),
  )
  const inLogBefore = ends.reduce((sum, { end }) => sum + end, 0)
  expect(inLogBefore).toBeGreaterThanOrEqual(240)
  const after = new NumberedAppends(log)
  await after.run(600, 2_000)
  await until('acknowledged', () => after.with('pending').length === 0, 15_000)
  expect(after.with('acknowledged')).toHaveLength(600)
  const records = new NumberedRecords()
  const consumption = await readAll(records)
  await until('all read', () => records.count >= inLogBefore + 600)
  await consumption.stop()
  expect(records.count).toBe(inLogBefore + 600)
})
