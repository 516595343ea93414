import path from 'node:path'
import { freePort } from './free-port.mjs'
import { askPort, startServer } from './server-process.mjs'

/** Starts a real redis-server on loopback and waits until it answers. See redis-server.d.mts. */
export async function startRedis({ dir, port = 0, settings = {} }) {
  const redisPort = port || (await freePort())
  const config = {
    bind: '127.0.0.1',
    port: redisPort,
    daemonize: 'no',
    dir: path.resolve(dir),
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    ...settings,
  }
  return startServer({
    name: 'Redis',
    command: 'redis-server',
    args: Object.entries(config).flatMap(([key, value]) => [`--${key}`, String(value)]),
    dir: path.resolve(dir),
    logFile: path.resolve(dir, 'redis.log'),
    port: redisPort,
    answers: async (at) => {
      const reply = await askPort(at, 'PING\r\n')
      return reply !== null && reply.toString().startsWith('+PONG')
    },
  })
}
