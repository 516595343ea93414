// The processor while Redis is away: killed, and back after a while with what its file kept.
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { siteLedger } from '@sightline/aggregates/queries/site-ledger'
import { PartitionState } from '@sightline/aggregates/partition-state'
import { randomTraffic, type PlainRecord } from '@sightline/aggregates/random-traffic.fixture'
import type { Engine } from '@sightline/engine/engine'
import type { LiveStore } from '@sightline/engine/store/live-store'
import { openRedisLiveStore } from '@sightline/engine/store/redis-live-store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startRedis } from '../toolchain/redis-server.mjs'
import type { ServerProcess } from '../toolchain/server-process.mjs'
import { startTestProcessor } from './test-processor.fixture.ts'
import { TemporaryEngine, until } from './temporary-engine.fixture.ts'

let dir: string
let redis: ServerProcess
let store: LiveStore
let files: TemporaryEngine
let engine: Engine

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-redis-away-'))
  redis = await startRedis({ dir })
  const url = `redis://127.0.0.1:${redis.port}`
  store = await openRedisLiveStore({ url, name: 'test', partitions: 12, warn: () => {} })
  files = await TemporaryEngine.open()
  const { kind, log, deadLetters, registry, close } = files.engine
  engine = { kind, log, deadLetters, registry, close, store }
})

afterEach(async () => {
  await store.close()
  await files.destroy()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
})

const traffic = (seed: number, records: number) =>
  randomTraffic({ seed, records, firstVisitor: 20 * seed, copies: 0, losses: 0, delays: 0 })
const eventsOf = (records: readonly PlainRecord[]) =>
  records.reduce((sum, { n, unknown }) => sum + n - unknown, 0)
const inPartition = ({ session }: PlainRecord) => session % 12

async function counted(): Promise<number> {
  let sum = 0
  for (let partition = 0; partition < 12; partition++) {
    const state = PartitionState.forLive(0, { minute: 0, hour: 0, day: 0 })
    const snapshot = await store.load(partition, state.wants)
    for (const blob of snapshot?.blobs ?? [])
      if (blob.bytes !== null) state.loadBlob({ ...blob, bytes: blob.bytes })
    for (const { publicDelta, first, next } of snapshot?.commits ?? []) state.apply(publicDelta, first, next)
    sum += siteLedger([state], 1).counted + siteLedger([state], 2).counted
  }
  return sum
}

async function killRedis(): Promise<number> {
  const { port } = redis
  await redis.kill('SIGKILL')
  return port
}

test('[PR12] Redis is gone for some seconds under traffic: the processor lives on, and everything is counted once', async () => {
  const processor = await startTestProcessor(engine)
  const [before, meanwhile, after] = [traffic(1, 300), traffic(2, 300), traffic(3, 100)]
  await files.appendAll(before, inPartition)
  await until('it counts', async () => (await counted()) > 0)
  const port = await killRedis()
  await files.appendAll(meanwhile, inPartition)
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  redis = await startRedis({ dir, port })
  await files.appendAll(after, inPartition)
  const all = eventsOf([...before, ...meanwhile, ...after])
  await until('everything is counted', async () => (await counted()) >= all, 30_000)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(await counted()).toBe(all)
  expect(processor.lines.filter(({ level }) => level >= 50)).toEqual([])
  await processor.stop()
})

test('[PR8] stopped while Redis is gone: it does not wait for it, and the next one counts what is left', async () => {
  const first = await startTestProcessor(engine)
  const records = traffic(4, 300)
  await files.appendAll(records.slice(0, 100), inPartition)
  await until('it counts', async () => (await counted()) > 0)
  const port = await killRedis()
  await files.appendAll(records.slice(100), inPartition)
  await new Promise((resolve) => setTimeout(resolve, 500))
  const beganMs = performance.now()
  await first.stop()
  expect(performance.now() - beganMs).toBeLessThan(8_500)
  redis = await startRedis({ dir, port })
  const second = await startTestProcessor(engine, 'processor-b')
  await until('everything is counted', async () => (await counted()) >= eventsOf(records), 30_000)
  expect(await counted()).toBe(eventsOf(records))
  await second.stop()
})
