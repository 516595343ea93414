// The store under faults that a shared server can't be given: kill -9, cut connections, a full memory, a late put.
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRedis } from '../../toolchain/redis-server.mjs'
import type { ServerProcess } from '../../toolchain/server-process.mjs'
import { CutProxy } from '../faults/cut-proxy.ts'
import { blobOf, claimed, commitOf, pause, plainBlobs, until } from './contract-commits.ts'
import { CountingOwner, stateAt, stateOf } from './counting-owner.contract.ts'
import type { LiveStore } from './live-store.ts'
import { storedField } from './redis-codec.ts'
import { RedisConnection } from './redis-connection.ts'
import { RedisKeys } from './redis-keys.ts'
import { openRedisLiveStore, type RedisStoreOptions } from './redis-live-store.ts'
import { RedisScript } from './redis-scripts.ts'
import { TailRecorder } from './contract-tail.ts'

let dir: string
let redis: ServerProcess
let proxy: CutProxy
let proxyPort: number

let seed = 4_711
const random = (): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-redis-faults-'))
  redis = await startRedis({ dir })
  proxy = new CutProxy(() => redis.port, random)
  proxyPort = await proxy.listen()
})

afterAll(async () => {
  await proxy.close()
  await redis.stop()
  await rm(dir, { recursive: true, force: true })
})

function open(name: string, changes: Partial<RedisStoreOptions> = {}): Promise<LiveStore> {
  const url = `redis://127.0.0.1:${redis.port}`
  return openRedisLiveStore({ url, name, partitions: 12, msMax: 10_000, warn: () => {}, ...changes })
}

async function raw(args: string[]): Promise<unknown> {
  const connection = await RedisConnection.open({
    url: `redis://127.0.0.1:${redis.port}`,
    msMax: 5_000,
    warn: () => {},
  })
  try {
    return await connection.send(args)
  } finally {
    connection.close()
  }
}

/** Commits and checkpoints until `enough()`, taking over again whenever the store says so. */
async function runOwner(owner: CountingOwner, enough: () => boolean): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>()
  await owner.takeOver()
  for (let round = 0; !enough(); round++) {
    const outcome = await owner.send(owner.nextCommit(1 + (round % 4)))
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    if (owner.active && round % 5 === 0) await owner.checkpoint(round)
    if (!owner.active) await owner.takeOver()
  }
  return outcomes
}

async function expectExact(store: LiveStore, partition: number, next: number): Promise<void> {
  const snapshot = await store.load(partition, () => true)
  expect(snapshot?.cursor.next).toBe(next)
  if (snapshot !== null) expect(stateOf(snapshot)).toEqual(stateAt(next))
}

test('[KF6] kill -9 and restart, three times during commits of four partitions: every chain is exact, followers miss nothing', async () => {
  const store = await open('killed')
  const follower = await open('killed')
  const owners = [0, 1, 2, 3].map((partition) => new CountingOwner(`owner-${partition}`, store, partition))
  for (const owner of owners) await owner.takeOver()
  const tail = new TailRecorder()
  tail.onBroken = async (partition) => (await follower.load(partition, () => false))?.cursor ?? null
  tail.start(
    follower,
    new Map(owners.map((owner, partition) => [partition, { next: 0, epoch: owner.epoch }])),
  )
  let done = false
  const running = owners.map((owner) => runOwner(owner, () => done))
  for (let kill = 0; kill < 3; kill++) {
    await pause(700)
    await redis.kill('SIGKILL')
    redis = await startRedis({ dir, port: redis.port })
  }
  await pause(500)
  done = true
  const outcomes = await Promise.all(running)
  expect(outcomes.every((one) => (one.get('ok') ?? 0) > 50)).toBe(true)
  for (const [partition, owner] of owners.entries()) {
    await expectExact(store, partition, owner.next)
    await until(
      'followed to the end',
      () => tail.commits.findLast((one) => one.partition === partition)?.commit.next === owner.next,
    )
  }
  await tail.stop()
  await Promise.all([store.close(), follower.close()])
})

test('[KF7] connections cut after the command and before the answer: resent commits are recognised, the chain is exact', async () => {
  const store = await open('cut', { url: `redis://127.0.0.1:${proxyPort}` })
  const owner = new CountingOwner('owner', store, 0)
  const cutting = setInterval(() => proxy.cutOne(), 40)
  const startedAtMs = performance.now()
  const outcomes = await runOwner(owner, () => performance.now() - startedAtMs > 4_000)
  clearInterval(cutting)
  expect(proxy.cuts).toBeGreaterThan(20)
  expect(outcomes.get('duplicate') ?? 0).toBeGreaterThan(2)
  expect([...outcomes.keys()].sort()).toEqual(['duplicate', 'ok'])
  await expectExact(store, 0, owner.next)
  await store.close()
})

test('[KF8] a server that forgot its scripts, or whose memory is full, makes a commit wait and not fail', async () => {
  const warnings: string[] = []
  const store = await open('full', { warn: (line) => warnings.push(line) })
  const { epoch } = await claimed(store, 0)
  await store.commit(0, epoch, commitOf(0, 10))
  await raw(['SCRIPT', 'FLUSH'])
  expect(await store.commit(0, epoch, commitOf(10, 20))).toBe('ok')
  await raw(['CONFIG', 'SET', 'maxmemory', '1'])
  let outcome: string | null = null
  const waiting = store.commit(0, epoch, commitOf(20, 30)).then((word) => (outcome = word))
  await until('the warning', () => warnings.length > 0)
  expect(outcome).toBeNull()
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/commit to partition 0 waits for Redis.*OOM/)
  await raw(['CONFIG', 'SET', 'maxmemory', '0'])
  expect(await waiting).toBe('ok')
  await store.close()
})

test('[KF8] a commit that waits for the server is given up when the store is closed', async () => {
  const store = await open('closed')
  const { epoch } = await claimed(store, 0)
  await raw(['CONFIG', 'SET', 'maxmemory', '1'])
  const waiting = store.commit(0, epoch, commitOf(0, 10))
  await pause(100)
  await store.close()
  await expect(waiting).rejects.toThrow('closed by its owner')
  await raw(['CONFIG', 'SET', 'maxmemory', '0'])
})

test('[KF9] a put that arrives late, over a connection that was given up, does not undo a later one', async () => {
  const store = await open('late')
  const { epoch } = await claimed(store, 0)
  await store.put(0, epoch, [blobOf('b', 'f', 0, 'first'), blobOf('b', 'g', 0, 'g')])
  const connection = await RedisConnection.open({
    url: `redis://127.0.0.1:${redis.port}`,
    msMax: 5_000,
    warn: () => {},
  })
  const keys = new RedisKeys('sl:', 'late')
  const last = (await new RedisScript('last-1').run(connection, [keys.log(0)])) as Buffer[]
  const key = keys.bucket(0, String(last[0]), 'b')
  const [, number] = String(await connection.send(['HGET', key, '#'])).split(':')
  await store.put(0, epoch, [blobOf('b', 'f', 0, 'second'), blobOf('b', 'g', 0, null)])
  const late = (command: string, ...args: string[]): Promise<unknown> =>
    new RedisScript('put-2').run(connection, [keys.log(0), key, String(epoch), number, command, ...args])
  expect(
    String(await late('HSET', '#', `${epoch}:${number}`, storedField('f'), 'old', storedField('g'), 'old')),
  ).toBe('LATE')
  expect(String(await late('HDEL', storedField('f')))).toBe('LATE')
  expect(plainBlobs(await store.readBlobs(0, 'b'))).toEqual(['b f @0 second'])
  connection.close()
  await store.close()
})

test('[KF10] what a lost state left behind is not taken for the new one’s', async () => {
  const store = await open('lost')
  const { epoch } = await claimed(store, 0)
  await store.commit(0, epoch, commitOf(0, 10))
  await store.put(0, epoch, [blobOf('b', 'f', 10, 'of the old state')])
  await raw(['DEL', new RedisKeys('sl:', 'lost').log(0)])
  await claimed(store, 0)
  expect(await store.readBlobs(0, 'b')).toEqual([])
  expect((await store.load(0, () => true))?.blobs).toEqual([])
  await store.close()
})

test('[KF11] refuses a server that may evict, a replica, and the state of another number of partitions', async () => {
  await (await open('checked')).close()
  await expect(open('checked', { partitions: 24 })).rejects.toThrow(
    'sl:checked:layout says 12 partitions, the event log has 24',
  )
  await raw(['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'])
  await expect(open('checked')).rejects.toThrow('set maxmemory-policy noeviction')
  await raw(['CONFIG', 'SET', 'maxmemory-policy', 'noeviction'])
  await raw(['REPLICAOF', '127.0.0.1', '1'])
  await expect(open('checked')).rejects.toThrow('this Redis is a replica')
  await raw(['REPLICAOF', 'NO', 'ONE'])
  await expect(open('checked', { url: 'redis://127.0.0.1:1', msMax: 300 })).rejects.toThrow(
    "redis://127.0.0.1:1 can't be reached",
  )
})
