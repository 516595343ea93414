// A live server while Redis is away: killed, and back after a while with what its file kept.
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { OnePartition } from '@sightline/aggregates/one-partition.fixture'
import { siteLedger } from '@sightline/aggregates/queries/site-ledger'
import { randomTraffic } from '@sightline/aggregates/random-traffic.fixture'
import type { LiveStore } from '@sightline/engine/store/live-store'
import { openRedisLiveStore } from '@sightline/engine/store/redis-live-store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startRedis } from '../toolchain/redis-server.mjs'
import type { ServerProcess } from '../toolchain/server-process.mjs'
import { StoreFollower } from './store-follower.ts'
import { TestClock, until } from './test-installation.fixture.ts'

let dir: string
let redis: ServerProcess
let store: LiveStore
let follower: StoreFollower
const warnings: string[] = []

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-redis-away-'))
  redis = await startRedis({ dir, settings: { appendfsync: 'always' } })
  const url = `redis://127.0.0.1:${redis.port}`
  store = await openRedisLiveStore({ url, name: 'test', partitions: 12, warn: () => {} })
  const warn = (line: string) => void warnings.push(line)
  follower = new StoreFollower({ store, partitions: 12, clock: new TestClock(), warn })
  await follower.start()
})

afterEach(async () => {
  await follower.stop()
  await store.close()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
})

const counted = () => siteLedger(follower.present(), 1).counted + siteLedger(follower.present(), 2).counted

test('[LV5] serves what it has while Redis is gone, and follows again when it is back', async () => {
  const records = randomTraffic({ seed: 1, records: 120, copies: 0, losses: 0, delays: 0 })
  const events = (to: number) => records.slice(0, to).reduce((sum, { n }) => sum + n, 0)
  const claim = await store.claim(3, 'owner', 'log-1', 0)
  if (claim.outcome !== 'ok') throw new Error(claim.outcome)
  const owner = new OnePartition()
  const commit = (from: number, to: number) => {
    for (const record of records.slice(from, to)) owner.fold(record)
    const { first, next, delta, privatePart } = owner.commit()
    return store.commit(3, claim.epoch, { first, next, publicDelta: delta, privatePart, floor: 0 })
  }
  expect(await commit(0, 40)).toBe('ok')
  await until('it is followed', () => counted() === events(40))

  const { port } = redis
  await redis.kill('SIGKILL')
  const late = commit(40, 80)
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  expect(counted()).toBe(events(40))
  redis = await startRedis({ dir, port, settings: { appendfsync: 'always' } })
  expect(['ok', 'duplicate']).toContain(await late)
  expect(await commit(80, 120)).toBe('ok')
  await until('it follows again', () => counted() === events(120), 20_000)
  expect(follower.unreadable).toBe(0)
  expect(warnings).toEqual([])
})
