// The live store's contract on a real Redis: keys of its own for each test.
import { randomUUID } from 'node:crypto'
import { redisUrl } from '../../toolchain/test-servers.mjs'
import { liveStoreContract, type LiveStoreHarness } from './live-store.contract.ts'
import type { LiveStore } from './live-store.ts'
import { storedField } from './redis-codec.ts'
import { RedisConnection } from './redis-connection.ts'
import { RedisKeys } from './redis-keys.ts'
import { openRedisLiveStore } from './redis-live-store.ts'

type RawEntry = [Buffer, Buffer[]]

class RedisHarness implements LiveStoreHarness {
  private readonly name = `test-${randomUUID()}`
  private readonly keys = new RedisKeys('sl:', this.name)
  private readonly opened: LiveStore[] = []
  private readonly redis: RedisConnection

  constructor(redis: RedisConnection) {
    this.redis = redis
  }

  async open(): Promise<LiveStore> {
    const store = await openRedisLiveStore({ url: redisUrl(), name: this.name, partitions: 12 })
    this.opened.push(store)
    return store
  }

  async reopen(): Promise<LiveStore> {
    await Promise.all(this.opened.splice(0).map((store) => store.close()))
    return this.open()
  }

  forget(partition: number): Promise<void> {
    return this.deleteKeys(`sl:{${this.name}.${partition}}:*`)
  }

  async damageBlob(partition: number, bucket: string, field: string): Promise<void> {
    const [, [, fields]] = await this.lastEntry(partition)
    const incarnation = String(fields[fields.findIndex((name) => String(name) === 'i') + 1])
    const key = this.keys.bucket(partition, incarnation, bucket)
    const stored = (await this.redis.send(['HGET', key, storedField(field)])) as Buffer
    stored[stored.length - 1] ^= 1
    await this.redis.send(['HSET', key, storedField(field), stored])
  }

  async damageCommit(partition: number, next: number): Promise<void> {
    const [entries] = await this.lastEntry(partition)
    const log = this.keys.log(partition)
    await this.redis.send(['DEL', log])
    for (const [id, fields] of entries) {
      const delta = fields[fields.findIndex((name) => String(name) === 'd') + 1]
      if (String(id).startsWith(`${next}-`)) delta[0] ^= 1
      await this.redis.send(['XADD', log, id, ...fields])
    }
  }

  async destroy(): Promise<void> {
    await Promise.all(this.opened.map((store) => store.close()))
    await this.deleteKeys(`sl:*${this.name}*`)
    this.redis.close()
  }

  private async lastEntry(partition: number): Promise<[RawEntry[], RawEntry]> {
    const entries = (await this.redis.send(['XRANGE', this.keys.log(partition), '-', '+'])) as RawEntry[]
    return [entries, entries[entries.length - 1]]
  }

  private async deleteKeys(pattern: string): Promise<void> {
    let cursor = '0'
    do {
      const [next, found] = (await this.redis.send(['SCAN', cursor, 'MATCH', pattern, 'COUNT', '1000'])) as [
        Buffer,
        Buffer[],
      ]
      if (found.length > 0) await this.redis.send(['UNLINK', ...found])
      cursor = String(next)
    } while (cursor !== '0')
  }
}

liveStoreContract('Redis', async () => {
  const redis = await RedisConnection.open({
    url: redisUrl(),
    msMax: 10_000,
    warn: (line) => process.emitWarning(line),
  })
  return new RedisHarness(redis)
})
