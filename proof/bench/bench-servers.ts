import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { startKafka } from '../../toolchain/kafka-server.mjs'
import { startRedis } from '../../toolchain/redis-server.mjs'

/** A Kafka and a Redis of the bench's own, on free ports, gone afterwards. */
export async function benchServers() {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'sightline-bench-'))
  const [kafka, redis] = await Promise.all([
    // A fast start-up compiler: warm from the first second, at a small price at full speed.
    startKafka({ dir: path.join(directory, 'kafka'), fast: true }),
    startRedis({ dir: path.join(directory, 'redis') }),
  ])
  return {
    brokers: kafka.brokers,
    redisUrl: `redis://127.0.0.1:${redis.port}`,
    pids: { kafka: kafka.pid, redis: redis.pid },
    async stop() {
      await Promise.all([kafka.stop(), redis.stop()])
      await rm(directory, { recursive: true, force: true })
    },
  }
}
