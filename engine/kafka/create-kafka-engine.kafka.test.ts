// The whole engine on a real Kafka and a real Redis: what it makes, and what it refuses at the start.
import { randomUUID } from 'node:crypto'
import { Admin } from '@platformatic/kafka'
import { limits } from '@sightline/protocol/limits'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kafkaBrokers, redisUrl } from '../../toolchain/test-servers.mjs'
import { createEngine } from '../create-engine.ts'
import { appendOne, bytesOf } from '../log/contract-records.ts'
import { createKafkaEngine, type KafkaEngineConfig } from './create-kafka-engine.ts'

let admin: Admin

beforeAll(() => {
  admin = new Admin({ clientId: 'test', bootstrapBrokers: [kafkaBrokers()] })
})

afterAll(() => admin.close())

function configOf(prefix: string, changes: Partial<KafkaEngineConfig> = {}): KafkaEngineConfig {
  const servers = { brokers: [kafkaBrokers()], redisUrl: redisUrl() }
  return { kind: 'kafka', topic: `${prefix}.interactions`, startMsMax: 20_000, ...servers, ...changes }
}

test('[KF12] opens everything under names of its own, with all ports at work; two processes find the same', async () => {
  const prefix = `test-${randomUUID()}`
  const engines = await Promise.all([createEngine(configOf(prefix)), createKafkaEngine(configOf(prefix))])
  const [first, second] = engines
  expect(first.kind).toBe('kafka')
  expect(first.log.partitions).toBe(limits.logPartitions)
  expect(await first.log.identity()).toBe(await second.log.identity())
  expect(await appendOne(first.log, 3, bytesOf('value'))).toBe(0)
  expect(await second.log.bounds(3)).toEqual({ start: 0, end: 1 })
  expect(await first.store.claim(3, 'owner', await first.log.identity(), 0)).toMatchObject({
    outcome: 'ok',
    next: 0,
  })
  expect((await second.store.load(3, () => true))?.cursor.next).toBe(0)
  await first.deadLetters.put([
    {
      partition: 3,
      offset: 0,
      reason: 'no reason',
      timestampMs: Date.now(),
      key: bytesOf('k'),
      value: bytesOf('v'),
    },
  ])
  expect((await second.deadLetters.list(5)).map((letter) => letter.reason)).toEqual(['no reason'])
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix))
  expect(topics.sort()).toEqual([`${prefix}.dead-letters`, `${prefix}.interactions`, `${prefix}.settings`])
  await Promise.all(engines.map((engine) => engine.close()))
})

test('[KF11] refuses to start with a clock that is far from the broker’s', async () => {
  const prefix = `test-${randomUUID()}`
  const behind = configOf(prefix, { now: () => Date.now() - 7_000 })
  await expect(createKafkaEngine(behind)).rejects.toThrow(/clock is (6|7)\d\d\d ms behind the Kafka broker's/)
  const slightlyAhead = configOf(prefix, { now: () => Date.now() + 3_000 })
  await (await createKafkaEngine(slightlyAhead)).close()
})

test('[KF11] refuses a topic with another number of partitions, or one that the broker stamps', async () => {
  const [few, stamped] = [`test-${randomUUID()}`, `test-${randomUUID()}`]
  await admin.createTopics({ topics: [`${few}.interactions`], partitions: 3, replicas: 1 })
  await expect(createKafkaEngine(configOf(few))).rejects.toThrow('has 3 partitions, needed are 12')
  const configs = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }]
  await admin.createTopics({ topics: [`${stamped}.interactions`], partitions: 12, replicas: 1, configs })
  await expect(createKafkaEngine(configOf(stamped))).rejects.toThrow('message.timestamp.type=LogAppendTime')
})

test('[KF11] says which server can’t be reached', async () => {
  const nowhere = configOf('test', { brokers: ['127.0.0.1:1'], startMsMax: 300 })
  await expect(createKafkaEngine(nowhere)).rejects.toThrow('Kafka at 127.0.0.1:1')
  const noRedis = configOf(`test-${randomUUID()}`, {
    redisUrl: 'redis://user:secret@127.0.0.1:1',
    startMsMax: 2_000,
  })
  const error: Error = await createKafkaEngine(noRedis).then(
    () => expect.fail('it opened'),
    (reason: Error) => reason,
  )
  expect(error.message).toContain('Redis at redis://127.0.0.1:1')
  expect(error.message).not.toContain('secret')
})
