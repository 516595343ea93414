import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@sightline/protocol/limits'
import type { Blob, PartitionSnapshot } from './live-store.ts'
import { commitOfEntry, continues, decodeBlob, type LogEntry, readEntry } from './redis-codec.ts'
import type { RedisConnection } from './redis-connection.ts'
import type { RedisKeys } from './redis-keys.ts'

const attemptsMax = 20
const attemptPauseMs = 20
const bucketsAtOnce = 32

/**
 * Reads a partition consistently while its owner goes on writing: commits first, then blobs, then the commits that came
 * meanwhile. So the commits begin before anything that a blob may lack and end behind everything that one may have.
 * Repeated when the log was trimmed or rolled back while it was read.
 */
export class SnapshotLoader {
  private readonly redis: RedisConnection
  private readonly keys: RedisKeys
  private readonly now: () => number

  constructor(redis: RedisConnection, keys: RedisKeys, now: () => number) {
    this.redis = redis
    this.keys = keys
    this.now = now
  }

  /**
   * null when the partition has no state.
   * @throws DamageError when something that it needs is damaged, Error when parts of the state are missing for good
   */
  async load(partition: number, wanted: (bucket: string) => boolean): Promise<PartitionSnapshot | null> {
    let reason = ''
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      if (attempt > 0) await sleep(attemptPauseMs)
      const before = await this.readLog(partition, '-')
      if (before.length === 0) return null
      const blobs = await this.readBuckets(partition, before[before.length - 1].incarnation, wanted)
      const after = await this.readLog(partition, `(${before[before.length - 1].id}`)
      const entries = [...before, ...after]
      reason = this.whatIsWrong(entries, blobs)
      if (reason !== '') continue
      const { next, epoch } = entries[entries.length - 1]
      return { blobs, commits: entries.map(commitOfEntry), cursor: { next, epoch } }
    }
    throw new Error(`the stored state of partition ${partition} doesn't fit together: ${reason}`)
  }

  /** Buckets that exist: name and when they vanish. */
  async listBuckets(partition: number, incarnation: string): Promise<Map<string, number | null>> {
    const reply = (await this.redis.send(['HGETALL', this.keys.buckets(partition, incarnation)])) as Buffer[]
    const buckets = new Map<string, number | null>()
    for (let i = 0; i < reply.length; i += 2) {
      const expireAtMs = reply[i + 1].length === 0 ? null : Number(reply[i + 1])
      if (expireAtMs === null || expireAtMs > this.now()) buckets.set(String(reply[i]), expireAtMs)
    }
    return buckets
  }

  private async readLog(partition: number, from: string): Promise<LogEntry[]> {
    const key = this.keys.log(partition)
    const count = limits.loadCommitsPerReadMax
    const entries: LogEntry[] = []
    for (let start = from; ; start = `(${entries[entries.length - 1].id}`) {
      const reply = await this.redis.send(['XRANGE', key, start, '+', 'COUNT', String(count)])
      for (const raw of reply as [Buffer, Buffer[]][]) entries.push(readEntry(key, raw))
      if ((reply as unknown[]).length < count) return entries
    }
  }

  private async readBuckets(
    partition: number,
    incarnation: string,
    wanted: (bucket: string) => boolean,
  ): Promise<Blob[]> {
    const buckets = [...(await this.listBuckets(partition, incarnation))].filter(([bucket]) => wanted(bucket))
    const blobs: Blob[] = []
    for (let i = 0; i < buckets.length; i += bucketsAtOnce) {
      const some = buckets.slice(i, i + bucketsAtOnce)
      const read = await Promise.all(
        some.map(([bucket, expireAtMs]) => this.readBucket(partition, incarnation, bucket, expireAtMs)),
      )
      for (const part of read) blobs.push(...part)
    }
    return blobs
  }

  private async readBucket(
    partition: number,
    incarnation: string,
    bucket: string,
    expireAtMs: number | null,
  ): Promise<Blob[]> {
    const key = this.keys.bucket(partition, incarnation, bucket)
    return blobsOf(key, bucket, (await this.redis.send(['HGETALL', key])) as Buffer[], expireAtMs)
  }

  /** Why blobs and commits don't fit together; '' when they do. */
  private whatIsWrong(entries: LogEntry[], blobs: Blob[]): string {
    for (let i = 1; i < entries.length; i++) {
      if (!continues(entries[i - 1], entries[i]))
        return `entry ${entries[i].id} does not continue ${entries[i - 1].id}`
    }
    const start = entries[0].first
    const borders = new Set(entries.map((entry) => entry.next)).add(start)
    for (const blob of blobs) {
      // A blob older than the log has not changed since: its changes would have kept their commits there.
      if (blob.upto >= start && !borders.has(blob.upto)) {
        return `the log has no commit that ends at ${blob.upto}, as blob ${blob.bucket} ${blob.field} says`
      }
    }
    return ''
  }
}

/** Blobs of a bucket's hash, its mark left out. */
export function blobsOf(key: string, bucket: string, reply: Buffer[], expireAtMs: number | null): Blob[] {
  const blobs: Blob[] = []
  for (let i = 0; i < reply.length; i += 2) {
    if (reply[i].length === 1 && reply[i][0] === 0x23) continue
    blobs.push(decodeBlob(key, bucket, reply[i], reply[i + 1], expireAtMs))
  }
  return blobs
}
