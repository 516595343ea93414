import type {
  Blob,
  ClaimOutcome,
  Commit,
  CommitOutcome,
  Cursor,
  LiveStore,
  PartitionSnapshot,
} from './live-store.ts'
import { checkRedis } from './redis-checks.ts'
import { bufferOf, commitCrc, decodeBlob, storedField } from './redis-codec.ts'
import { RedisClosedError, RedisConnection } from './redis-connection.ts'
import { RedisKeys } from './redis-keys.ts'
import { blobsOf, SnapshotLoader } from './redis-load.ts'
import { expiries, type PutCall, putCalls } from './redis-put.ts'
import { RedisScript } from './redis-scripts.ts'
import { HandlerFailure, LogTail } from './redis-tail.ts'

const claimScript = new RedisScript('claim-1')
const commitScript = new RedisScript('commit-1')
const putScript = new RedisScript('put-2')
const lastScript = new RedisScript('last-1')

const pruneEveryMs = 60_000
const clockMarginMs = 60_000

export interface RedisStoreOptions {
  url: string
  /** Begins every key. Default `sl:`. */
  prefix?: string
  /** Of the installation: several can share one server. */
  name: string
  /** Number of partitions of the event log. */
  partitions: number
  /** How long the first connection may take, ms. Default 15,000. */
  msMax?: number
  /** Told what keeps a command from being answered for some seconds. Default: a warning of the process. */
  warn?: (line: string) => void
  now?: () => number
}

/** Connects, and refuses a server that doesn't do. See redis-checks.ts. */
export async function openRedisLiveStore(options: RedisStoreOptions): Promise<RedisLiveStore> {
  const warn = options.warn ?? ((line: string) => process.emitWarning(line))
  const redis = await RedisConnection.open({ url: options.url, msMax: options.msMax ?? 15_000, warn })
  const keys = new RedisKeys(options.prefix ?? 'sl:', options.name)
  try {
    await redis.retry('the check at start-up', () => checkRedis(redis, keys, options.partitions))
  } catch (error) {
    redis.close()
    throw error
  }
  return new RedisLiveStore(redis, keys, options.now ?? Date.now)
}

/**
 * The live store in Redis: see LiveStore. While the server is away or can't take a command, calls wait and try again
 * until there is a definite answer; all of them may run twice without harm. So a caller feels a fault as slowness.
 */
export class RedisLiveStore implements LiveStore {
  private readonly redis: RedisConnection
  private readonly keys: RedisKeys
  private readonly now: () => number
  private readonly loader: SnapshotLoader
  private readonly tails = new Set<RedisConnection>()
  private readonly incarnations = new Map<number, string>()
  private readonly prunedAtMs = new Map<number, number>()
  /** Number of the last put: grows across restarts too, for an owner that goes on under the same epoch. */
  private putNumber: number
  private closed = false

  constructor(redis: RedisConnection, keys: RedisKeys, now: () => number) {
    this.redis = redis
    this.keys = keys
    this.now = now
    this.putNumber = now() * 1_000
    this.loader = new SnapshotLoader(redis, keys, now)
  }

  async claim(
    partition: number,
    owner: string,
    log: string,
    initialNext: number | null,
  ): Promise<ClaimOutcome> {
    const args = [this.keys.log(partition), initialNext === null ? '' : String(initialNext), owner, log]
    const reply = await this.redis.retry(`claiming partition ${partition}`, () =>
      claimScript.run(this.redis, args),
    )
    const [word, ...details] = (reply as Buffer[]).map(String)
    if (word === 'NOSTATE') return { outcome: 'no-state' }
    if (word === 'OTHERLOG') return { outcome: 'other-log', stored: details[0] }
    if (word !== 'OK') throw new Error(`${args[0]} was emptied by hand: delete it, or restore it`)
    const [next, epoch, incarnation, created] = details
    this.incarnations.set(partition, incarnation)
    return { outcome: 'ok', next: Number(next), epoch: Number(epoch), created: created === '1' }
  }

  async commit(partition: number, epoch: number, commit: Commit): Promise<CommitOutcome> {
    const { first, next, publicDelta, privatePart, floor } = commit
    if (next <= first) throw new RangeError(`a commit must move forward, not from ${first} to ${next}`)
    const args = [
      this.keys.log(partition),
      String(epoch),
      String(first),
      String(next),
      bufferOf(publicDelta),
      bufferOf(privatePart),
      String(commitCrc(publicDelta, privatePart)),
      String(Math.max(0, floor)),
    ]
    const run = (): Promise<unknown> => commitScript.run(this.redis, args)
    return commitOutcome(String(await this.redis.retry(`a commit to partition ${partition}`, run)))
  }

  async put(partition: number, epoch: number, blobs: Blob[]): Promise<'ok' | 'fenced' | 'no-state'> {
    if (blobs.length === 0) return this.checkOwner(partition, epoch)
    const incarnation = this.incarnations.get(partition) ?? (await this.readLast(partition))?.incarnation
    if (incarnation === undefined) return 'no-state'
    const number = ++this.putNumber
    const calls = putCalls(blobs, `${epoch}:${number}`)
    const vanish = expiries(blobs)
    const words = await this.redis.retry(`blobs of partition ${partition}`, () =>
      this.sendPut(partition, incarnation, [String(epoch), String(number)], calls, vanish),
    )
    if (words.includes('NOSTATE')) return 'no-state'
    if (words.includes('FENCED')) return 'fenced'
    await this.prune(partition, incarnation)
    return 'ok'
  }

  load(partition: number, wanted: (bucket: string) => boolean): Promise<PartitionSnapshot | null> {
    return this.redis.retry(`loading partition ${partition}`, () => this.loader.load(partition, wanted))
  }

  async tail(
    cursors: Map<number, Cursor>,
    handlers: Parameters<LiveStore['tail']>[1],
    signal: AbortSignal,
  ): Promise<void> {
    if (this.closed) throw new RedisClosedError()
    if (signal.aborted) return
    const connection = this.redis.another()
    this.tails.add(connection)
    const stop = (): void => connection.close()
    signal.addEventListener('abort', stop)
    try {
      await new LogTail(connection, this.keys, cursors, handlers).run()
    } catch (error) {
      throw error instanceof HandlerFailure ? error.error : error
    } finally {
      signal.removeEventListener('abort', stop)
      this.tails.delete(connection)
      connection.close()
    }
  }

  readBlobs(partition: number, bucket: string, fields?: string[]): Promise<Blob[]> {
    return this.redis.retry(`reading partition ${partition}`, () =>
      this.readBlobsOnce(partition, bucket, fields),
    )
  }

  async close(): Promise<void> {
    this.closed = true
    for (const connection of this.tails) connection.close()
    this.redis.close()
  }

  /**
   * One round trip: buckets are listed before their blobs are there, so that no blob can be overlooked, and given their
   * end afterwards, which an absent key can't have.
   */
  private async sendPut(
    partition: number,
    incarnation: string,
    epochAndNumber: string[],
    calls: PutCall[],
    vanish: Map<string, number | null>,
  ): Promise<string[]> {
    const listed = [...vanish].flatMap(([bucket, atMs]) => [bucket, atMs === null ? '' : String(atMs)])
    const work: Promise<unknown>[] = [
      this.redis.send(['HSET', this.keys.buckets(partition, incarnation), ...listed]),
    ]
    const words = calls.map(async ({ bucket, command, args }) => {
      const key = this.keys.bucket(partition, incarnation, bucket)
      return String(
        await putScript.run(this.redis, [this.keys.log(partition), key, ...epochAndNumber, command, ...args]),
      )
    })
    const outcomes = await settleAll([...work, ...words])
    const ends = [...vanish].filter(([, atMs]) => atMs !== null)
    await settleAll(
      ends.map(([bucket, atMs]) =>
        this.redis.send(['PEXPIREAT', this.keys.bucket(partition, incarnation, bucket), String(atMs)]),
      ),
    )
    return outcomes.slice(work.length).map(String)
  }

  /** Takes buckets that have long vanished off the list, now and then. */
  private async prune(partition: number, incarnation: string): Promise<void> {
    const now = this.now()
    if (now - (this.prunedAtMs.get(partition) ?? 0) < pruneEveryMs) return
    this.prunedAtMs.set(partition, now)
    const key = this.keys.buckets(partition, incarnation)
    await this.redis.retry(`tidying partition ${partition}`, async () => {
      const all = (await this.redis.send(['HGETALL', key])) as Buffer[]
      const gone: string[] = []
      for (let i = 0; i < all.length; i += 2) {
        if (all[i + 1].length > 0 && Number(all[i + 1]) < now - clockMarginMs) gone.push(String(all[i]))
      }
      if (gone.length > 0) await this.redis.send(['HDEL', key, ...gone])
    })
  }

  private async readBlobsOnce(partition: number, bucket: string, fields?: string[]): Promise<Blob[]> {
    if (fields?.length === 0) return []
    const incarnation = (await this.readLast(partition))?.incarnation
    if (incarnation === undefined) return []
    const key = this.keys.bucket(partition, incarnation, bucket)
    const names = fields?.map(storedField)
    const [end, reply] = await settleAll([
      this.redis.send(['HGET', this.keys.buckets(partition, incarnation), bucket]),
      this.redis.send(names === undefined ? ['HGETALL', key] : ['HMGET', key, ...names]),
    ])
    const expireAtMs = end === null || (end as Buffer).length === 0 ? null : Number(end)
    if (names === undefined) return blobsOf(key, bucket, reply as Buffer[], expireAtMs)
    return (reply as (Buffer | null)[]).flatMap((stored, i) =>
      stored === null ? [] : [decodeBlob(key, bucket, Buffer.from(names[i]), stored, expireAtMs)],
    )
  }

  private async checkOwner(partition: number, epoch: number): Promise<'ok' | 'fenced' | 'no-state'> {
    const last = await this.readLast(partition)
    if (last === null) return 'no-state'
    return last.epoch === String(epoch) ? 'ok' : 'fenced'
  }

  /** null when the partition has no state. */
  private async readLast(partition: number): Promise<{ incarnation: string; epoch: string } | null> {
    const run = (): Promise<unknown> => lastScript.run(this.redis, [this.keys.log(partition)])
    const reply = (await this.redis.retry(`reading partition ${partition}`, run)) as Buffer[]
    return reply.length === 0 ? null : { incarnation: String(reply[0]), epoch: String(reply[1]) }
  }
}

function commitOutcome(word: string): CommitOutcome {
  switch (word) {
    case 'OK':
      return 'ok'
    case 'DUP':
      return 'duplicate'
    case 'FENCED':
      return 'fenced'
    case 'GAP':
      return 'gap'
    case 'NOSTATE':
      return 'no-state'
    default:
      throw new Error(`commit-1.lua answered ${word}`)
  }
}

/** Like Promise.all, but waits for every answer before it rejects: nothing is still under way then. */
async function settleAll<Answer>(work: Promise<Answer>[]): Promise<Answer[]> {
  const outcomes = await Promise.allSettled(work)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<Answer>).value)
}
