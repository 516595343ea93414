// On Kafka and Redis, which the embedded engine can't show: several gateways on one log, and a broker that goes away.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createEngine } from '@sightline/engine/create-engine'
import type { Engine } from '@sightline/engine/engine'
import { startKafka } from '../toolchain/kafka-server.mjs'
import { kafkaBrokers, redisUrl } from '../toolchain/test-servers.mjs'
import { TestGateway } from './test-gateway.ts'
import { TestLane, TestTracker } from './test-tracker.ts'

/** What has to be undone, last first. */
const undo: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function kafkaEngine(brokers: string, prefix: string): Promise<Engine> {
  const topic = `${prefix}.interactions`
  const engine = await createEngine({
    kind: 'kafka',
    brokers: [brokers],
    topic,
    redisUrl: redisUrl(),
    redisPrefix: `${prefix}:`,
  })
  undo.push(() => engine.close())
  return engine
}

async function gatewayOn(engine: Engine): Promise<TestGateway> {
  const test = await TestGateway.on(engine)
  undo.push(() => test.stop())
  return test
}

it('[GW7] two gateways on one log: what either settled is there, also what was sent again to the other', async () => {
  const prefix = `test-${randomUUID()}`
  const gateways = [
    await gatewayOn(await kafkaEngine(kafkaBrokers(), prefix)),
    await gatewayOn(await kafkaEngine(kafkaBrokers(), prefix)),
  ]
  const lane = new TestLane()
  const batches = lane.batches(200)
  const first = await TestTracker.connect(gateways[0])
  first.send(...batches)
  await first.until(() => first.settled > 0)
  first.socket.terminate()
  const unsettled = batches.slice(first.settled)
  const second = await TestTracker.connect(gateways[1])
  second.send(...unsettled)
  await second.settle(unsettled.length)
  const stored = new Set(
    (await gateways[0].records()).map(({ value }) => Buffer.from(value).toString('base64')),
  )
  expect(stored).toEqual(new Set(batches.map((bytes) => Buffer.from(bytes).toString('base64'))))
})

it('[GW7] [GW11] nothing is settled while the broker is away; afterwards everything is, and is in the log', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'sightline-broker-'))
  undo.push(() => rm(dir, { recursive: true }))
  let kafka = await startKafka({ dir, fast: true })
  undo.push(() => kafka.stop())
  const prefix = `test-${randomUUID()}`
  const test = await gatewayOn(await kafkaEngine(kafka.brokers, prefix))
  const lane = new TestLane()
  const tracker = await TestTracker.connect(test)
  tracker.send(...lane.batches(20))
  await tracker.settle(20)
  const port = Number(kafka.brokers.split(':')[1])
  await kafka.kill('SIGKILL')
  tracker.send(...lane.batches(50))
  tracker.text('settle')
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  expect(tracker.settled).toBe(20)
  kafka = await startKafka({ dir, port, fast: true })
  await tracker.until(() => tracker.settled === 70)
  expect(await test.records()).toHaveLength(70)
})
