import type { RedisConnection } from './redis-connection.ts'
import type { RedisKeys } from './redis-keys.ts'

/** Changes with the names of keys or the form of what they hold. */
const layoutVersion = '1'
const oldestVersion = [6, 2]

/**
 * Refuses a server on which commits would not be safe, and the state of an installation with another layout or number of
 * partitions. @throws Error that names what is wrong and what to do
 */
export async function checkRedis(redis: RedisConnection, keys: RedisKeys, partitions: number): Promise<void> {
  const info = parseInfo(String(await redis.send(['INFO'])))
  checkVersion(info)
  if (info.get('role') !== 'master') {
    throw new Error(`this Redis is a replica (role ${info.get('role')}): give the address of its primary`)
  }
  if (info.get('cluster_enabled') === '1') {
    throw new Error(
      'this Redis is part of a cluster, which is not supported: give the address of a single server',
    )
  }
  if (info.get('maxmemory_policy') !== 'noeviction') {
    throw new Error(
      `this Redis may throw state away when its memory is full (maxmemory-policy ${info.get('maxmemory_policy')}): ` +
        'set maxmemory-policy noeviction',
    )
  }
  await checkLayout(redis, keys.layout(), partitions)
}

function parseInfo(text: string): Map<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'))
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]))
}

function checkVersion(info: Map<string, string>): void {
  const version = info.get('redis_version') ?? ''
  const [major, minor] = version.split('.').map(Number)
  if (major > oldestVersion[0] || (major === oldestVersion[0] && minor >= oldestVersion[1])) return
  throw new Error(
    `this Redis has version ${version}: ${oldestVersion.join('.')} or newer is needed (XADD with MINID)`,
  )
}

/** The first process of an installation writes it; all others must find the same. */
async function checkLayout(redis: RedisConnection, key: string, partitions: number): Promise<void> {
  await redis.send(['HSETNX', key, 'version', layoutVersion])
  await redis.send(['HSETNX', key, 'partitions', String(partitions)])
  const [version, count] = (await redis.send(['HMGET', key, 'version', 'partitions'])) as Buffer[]
  if (String(version) !== layoutVersion) {
    throw new Error(`${key} says layout version ${version}, this program knows ${layoutVersion}`)
  }
  if (Number(count) !== partitions) {
    throw new Error(
      `${key} says ${count} partitions, the event log has ${partitions}: they can't be changed in place`,
    )
  }
}
