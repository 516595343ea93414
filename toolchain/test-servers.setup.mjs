// Vitest's globalSetup for the projects that need real servers: one Kafka and one Redis for the whole
// run, started when the first of these projects is about to run, never when only unit tests were asked for.
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fetchKafkaJars } from './kafka-jars.mjs'
import { startKafka } from './kafka-server.mjs'
import { startRedis } from './redis-server.mjs'
import { refuseIfMissing } from './requirements.mjs'

// Vitest loads this file once for each project that names it; the process is the same, so the
// servers hang on the global object.
const place = Symbol.for('sightline.test-servers')

/** @param project Vitest's project, whose tests read what is provided here through test-servers.mjs */
export default async function setup(project) {
  globalThis[place] ??= { users: 0, running: startBoth() }
  const servers = globalThis[place]
  servers.users += 1
  const { kafka, redis } = await servers.running
  project.provide('kafkaBrokers', kafka.brokers)
  project.provide('redisUrl', `redis://127.0.0.1:${redis.port}`)
  return async () => {
    servers.users -= 1
    if (servers.users > 0) return
    delete globalThis[place]
    await stopBoth(await servers.running)
  }
}

async function startBoth() {
  refuseIfMissing(['java', 'mvn', 'redis-server'])
  await fetchKafkaJars((line) => console.log(line))
  const dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-test-servers-'))
  const [kafka, redis] = await Promise.all([
    startKafka({ dir: path.join(dir, 'kafka'), fast: true }),
    startRedis({ dir: path.join(dir, 'redis') }),
  ])
  console.log(`real servers for the tests: Kafka on ${kafka.port}, Redis on ${redis.port}`)
  return { dir, kafka, redis }
}

async function stopBoth({ dir, kafka, redis }) {
  await Promise.all([kafka.stop(), redis.stop()])
  await rm(dir, { recursive: true, force: true })
}
