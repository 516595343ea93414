import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { ErrorReply } from '@redis/client'
import type { RedisConnection } from './redis-connection.ts'

/**
 * The Lua scripts in store/lua/: one file per command, the number of keys last in the name, its contract in the header.
 */
export class RedisScript {
  private readonly source: string
  private readonly sha1: string
  private readonly keyCount: string

  /** `name` without `.lua`, such as `commit-1`. Reads the file at once. */
  constructor(name: string) {
    this.source = readFileSync(new URL(`${name}.lua`, luaFolder()), 'utf8')
    this.sha1 = createHash('sha1').update(this.source).digest('hex')
    this.keyCount = name.slice(name.lastIndexOf('-') + 1)
  }

  /** Runs it once: by its hash, or with its source where the server doesn't know it (yet, or any more). */
  async run(redis: RedisConnection, keysAndArguments: (string | Buffer)[]): Promise<unknown> {
    try {
      return await redis.send(['EVALSHA', this.sha1, this.keyCount, ...keysAndArguments])
    } catch (error) {
      if (!(error instanceof ErrorReply) || !error.message.startsWith('NOSCRIPT')) throw error
      return redis.send(['EVAL', this.source, this.keyCount, ...keysAndArguments])
    }
  }
}

/** Beside this file in the sources; compiled, this file is in dist/store/ and the scripts stay where they are. */
function luaFolder(): URL {
  const beside = new URL('./lua/', import.meta.url)
  return existsSync(beside) ? beside : new URL('../../store/lua/', import.meta.url)
}
