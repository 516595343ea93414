import { limits } from '@sightline/protocol/limits'
import { DamageError } from '../damage-error.ts'
import type { Cursor, LiveStore } from './live-store.ts'
import { commitOfEntry, continues, type LogEntry, readEntry } from './redis-codec.ts'
import { isTemporary, RedisClosedError, type RedisConnection } from './redis-connection.ts'
import type { RedisKeys } from './redis-keys.ts'

const blockMs = 500
const verifyEveryMs = 2_000

type TailHandlers = Parameters<LiveStore['tail']>[1]

/** A partition that is followed. While its break is being dealt with, it isn't read. */
interface Followed {
  cursor: Cursor
  broken: boolean
  /** When it was last known that the entry at the cursor is really there. */
  verifiedAtMs: number
}

/**
 * Follows the logs of partitions on a connection of its own, with one blocking read for all of them. An entry is passed on
 * only when it continues the chain; a log that went back shows nothing to a reader that is ahead of it, so an idle
 * partition's cursor is looked up from time to time, and after each break of the connection.
 */
export class LogTail {
  private readonly redis: RedisConnection
  private readonly keys: RedisKeys
  private readonly handlers: TailHandlers
  private readonly followed = new Map<number, Followed>()
  private readonly partitionOfLog = new Map<string, number>()
  private readonly failure = Promise.withResolvers<never>()
  /** Resolved when a broken partition is to be read again, or no more. */
  private mended = Promise.withResolvers<void>()

  constructor(redis: RedisConnection, keys: RedisKeys, cursors: Map<number, Cursor>, handlers: TailHandlers) {
    this.redis = redis
    this.keys = keys
    this.handlers = handlers
    for (const [partition, cursor] of cursors) {
      this.followed.set(partition, { cursor: { ...cursor }, broken: false, verifiedAtMs: -Infinity })
      this.partitionOfLog.set(keys.log(partition), partition)
    }
  }

  /** Resolves when its connection is closed; rejects with what a handler threw, or with an error that will not pass. */
  async run(): Promise<void> {
    this.failure.promise.catch(() => {})
    let closed = false
    const whenClosed = this.redis.whenClosed.then(() => {
      closed = true
    })
    while (!closed) {
      const step = this.redis
        .retry('following the commits', () => this.step())
        .catch((error: unknown) => {
          if (!(error instanceof RedisClosedError)) throw error
        })
      await Promise.race([this.failure.promise, whenClosed, step])
    }
  }

  private async step(): Promise<void> {
    const reading = [...this.followed].filter(([, one]) => !one.broken)
    if (reading.length === 0) return this.mended.promise
    try {
      await this.verify(reading)
      await this.read([...this.followed].filter(([, one]) => !one.broken))
    } catch (error) {
      // After a break the server may be another one, or an older state of the same.
      if (isTemporary(error)) for (const one of this.followed.values()) one.verifiedAtMs = -Infinity
      throw error
    }
  }

  private async read(reading: [number, Followed][]): Promise<void> {
    if (reading.length === 0) return
    const keys = reading.map(([partition]) => this.keys.log(partition))
    const ids = reading.map(([, { cursor }]) => `${cursor.next}-${cursor.epoch}`)
    const count = String(limits.tailCommitsPerReadMax)
    const reply = await this.redis.send([
      'XREAD',
      'COUNT',
      count,
      'BLOCK',
      String(blockMs),
      'STREAMS',
      ...keys,
      ...ids,
    ])
    const logs = (reply ?? []) as (Buffer | [Buffer, Buffer[]][])[]
    for (let i = 0; i < logs.length; i += 2) {
      this.deliver(String(logs[i]), logs[i + 1] as [Buffer, Buffer[]][])
    }
  }

  private deliver(log: string, entries: [Buffer, Buffer[]][]): void {
    const partition = this.partitionOfLog.get(log)
    const one = partition === undefined ? undefined : this.followed.get(partition)
    if (partition === undefined || one === undefined || one.broken) return
    one.verifiedAtMs = performance.now()
    for (const raw of entries) {
      const entry = wholeOrNull(log, raw)
      if (entry === null || !continues(one.cursor, entry)) return this.breakChain(partition, one)
      one.cursor = { next: entry.next, epoch: entry.epoch }
      this.callHandler(() => this.handlers.onCommit(partition, commitOfEntry(entry)))
    }
  }

  /** Looks whether the entries at the cursors of idle partitions are still there. */
  private async verify(reading: [number, Followed][]): Promise<void> {
    const dueBefore = performance.now() - verifyEveryMs
    const due = reading.filter(([, one]) => one.verifiedAtMs < dueBefore)
    await Promise.all(due.map(([partition, one]) => this.verifyOne(partition, one)))
  }

  private async verifyOne(partition: number, one: Followed): Promise<void> {
    const id = `${one.cursor.next}-${one.cursor.epoch}`
    const reply = await this.redis.send(['XRANGE', this.keys.log(partition), id, '+', 'COUNT', '1'])
    // With a later entry there, the next read gets it and judges whether it continues the chain.
    if ((reply as unknown[]).length === 0) this.breakChain(partition, one)
    else one.verifiedAtMs = performance.now()
  }

  private breakChain(partition: number, one: Followed): void {
    one.broken = true
    const answered = async (): Promise<void> => {
      const cursor = await this.handlers.onBroken(partition)
      if (cursor === null) this.followed.delete(partition)
      else
        this.followed.set(partition, {
          cursor: { ...cursor },
          broken: false,
          verifiedAtMs: performance.now(),
        })
      this.mended.resolve()
      this.mended = Promise.withResolvers<void>()
    }
    answered().catch((error: unknown) => this.failure.reject(new HandlerFailure(error)))
  }

  private callHandler(call: () => void): void {
    try {
      call()
    } catch (error) {
      throw new HandlerFailure(error)
    }
  }
}

/** What a handler threw: never taken for a fault of the connection, and never retried. */
export class HandlerFailure extends Error {
  readonly error: unknown

  constructor(error: unknown) {
    super('a handler of the tail failed', { cause: error })
    this.error = error
  }
}

/** null for a damaged entry: a follower can't be given it, and gets the state anew. */
function wholeOrNull(log: string, raw: [Buffer, Buffer[]]): LogEntry | null {
  try {
    return readEntry(log, raw)
  } catch (error) {
    if (error instanceof DamageError) return null
    throw error
  }
}
