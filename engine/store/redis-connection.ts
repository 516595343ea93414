import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@sightline/protocol/limits'
import { createClient, ErrorReply, RESP_TYPES } from '@redis/client'

const connectMsMax = 3_000
const silenceMsMax = 5_000
const pingEveryMs = 1_000
const reconnectMsMax = 1_000
const firstRetryMs = 10
const troubleMs = 3_000

/** The server answered, and may answer differently later; it has not run the command. */
const temporaryErrors = [
  'OOM',
  'LOADING',
  'BUSY',
  'MISCONF',
  'NOREPLICAS',
  'READONLY',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
]

/** The handle was closed while a command was waiting, or before it was given. */
export class RedisClosedError extends Error {
  constructor() {
    super('the connection to Redis was closed by its owner')
    this.name = 'RedisClosedError'
  }
}

/** There is no connection, or it broke before the answer: the command may have run or not. */
export class RedisLostError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'RedisLostError'
  }
}

export interface RedisOptions {
  /** `redis://host:port` or `rediss://…`, with user, password and database number where needed. */
  url: string
  /** How long the first connection may take, ms. */
  msMax: number
  /** Told, once until it is over, what has kept a command from being answered for some seconds. */
  warn: (line: string) => void
}

/** One connection to one Redis. It reconnects by itself; a command is never sent again behind the caller's back. */
export class RedisConnection {
  private readonly options: RedisOptions
  private readonly client: ReturnType<typeof newClient>
  private readonly closed = new AbortController()
  private warned = false
  /** Resolves when the owner has closed the connection. */
  readonly whenClosed: Promise<void>

  private constructor(options: RedisOptions) {
    this.options = options
    this.client = newClient(options, () => this.closed.signal.aborted)
    // Commands report what goes wrong with them; without a listener an error event would end the process.
    this.client.on('error', () => {})
    this.whenClosed = new Promise((resolve) => {
      this.closed.signal.addEventListener('abort', () => resolve())
    })
  }

  /** Rejects when no connection comes about within `msMax`. */
  static async open(options: RedisOptions): Promise<RedisConnection> {
    const connection = new RedisConnection(options)
    try {
      await connection.client.connect()
    } catch (error) {
      connection.close()
      const reason = error instanceof Error ? error.message : String(error)
      throw new RedisLostError(`Redis at ${withoutPassword(options.url)} can't be reached: ${reason}`, error)
    }
    return connection
  }

  /** A second connection to the same server, for commands that block. Not awaited: until it stands, send() rejects. */
  another(): RedisConnection {
    const connection = new RedisConnection({ ...this.options, msMax: Infinity })
    connection.client.connect().catch(() => {})
    return connection
  }

  /**
   * Sends a command once. Replies: Buffers for strings, arrays for maps (key, value, key, value …).
   * Rejects with an ErrorReply when the server refuses it, with RedisLostError when the connection breaks.
   */
  async send(args: (string | Buffer)[]): Promise<unknown> {
    if (this.closed.signal.aborted) throw new RedisClosedError()
    try {
      return await this.client.sendCommand(args)
    } catch (error) {
      if (error instanceof ErrorReply || error instanceof TypeError) throw error
      throw new RedisLostError(
        `no answer from Redis: ${error instanceof Error ? error.message : error}`,
        error,
      )
    }
  }

  /**
   * Repeats `work` while the server is away or can't take it at present, until there is a definite answer or the handle
   * is closed. Only for what may run twice without harm.
   */
  async retry<Answer>(what: string, work: () => Promise<Answer>): Promise<Answer> {
    let delayMs = firstRetryMs
    const begunAtMs = performance.now()
    for (;;) {
      const stood = this.client.isReady
      try {
        const answer = await work()
        if (performance.now() - begunAtMs > troubleMs) this.warned = false
        return answer
      } catch (error) {
        if (this.closed.signal.aborted) throw new RedisClosedError()
        if (!isTemporary(error)) throw error
        // A connection that had come about is worth a quick new try; the delay grows while there is none.
        if (stood && error instanceof RedisLostError) delayMs = firstRetryMs
        if (performance.now() - begunAtMs > troubleMs)
          this.warnOnce(`${what} waits for Redis: ${error instanceof Error ? error.message : error}`)
      }
      await sleep(delayMs, undefined, { signal: this.closed.signal }).catch(() => {})
      delayMs = Math.min(delayMs * 2, limits.storeRetryMsMax)
    }
  }

  /** Ends the connection; commands without an answer are rejected. */
  close(): void {
    if (this.closed.signal.aborted) return
    this.closed.abort()
    if (this.client.isOpen) this.client.destroy()
  }

  private warnOnce(line: string): void {
    if (this.warned) return
    this.warned = true
    this.options.warn(line)
  }
}

/** Whether the same command may be answered later: the connection broke, or the server said so. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof RedisLostError) return true
  if (!(error instanceof ErrorReply)) return false
  // Redis 6 wraps what a script ran into: "ERR Error running script … -OOM command not allowed …".
  return temporaryErrors.some(
    (code) => error.message.startsWith(`${code} `) || error.message.includes(`-${code} `),
  )
}

function newClient(options: RedisOptions, isClosed: () => boolean) {
  const deadline = performance.now() + options.msMax
  let connected = false
  const client = createClient({
    url: options.url,
    RESP: 3,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    pingInterval: pingEveryMs,
    socket: {
      connectTimeout: connectMsMax,
      // A peer that vanished without a word is noticed by its not answering pings.
      socketTimeout: silenceMsMax,
      reconnectStrategy: (retries: number, cause: Error) => {
        if (isClosed() || (!connected && performance.now() > deadline)) return cause
        return Math.min(reconnectMsMax, 20 * 2 ** Math.min(retries, 6))
      },
    },
    commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.MAP]: Array } },
  })
  client.on('ready', () => {
    connected = true
  })
  return client
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//')
}
