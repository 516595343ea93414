import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@sightline/protocol/limits'
import type { Engine } from '../engine.ts'
import { KafkaDeadLetters } from '../log/kafka-dead-letters.ts'
import { openKafkaEventLog } from '../log/kafka-event-log.ts'
import { ensureTopics, topicNames, topicPrefix } from '../log/kafka-topics.ts'
import { openKafkaRedisRegistry } from '../registry/kafka-redis-registry.ts'
import { openRedisLiveStore } from '../store/redis-live-store.ts'
import { checkBrokerClock, measureBrokerClock } from './kafka-clock.ts'
import { KafkaCluster, withRetry } from './kafka-cluster.ts'

const paceEveryMs = 1_000
const clockMsMax = 15_000

export interface KafkaEngineConfig {
  kind: 'kafka'
  /** `host:port`; any of them is enough to find the rest. */
  brokers: string[]
  /** Of the interactions, such as `sightline.interactions`; the other topics and Redis' keys are named after it. */
  topic: string
  /** `redis://host:port`, with user, password and database number where needed. */
  redisUrl: string
  /** Begins every key in Redis. Default `sl:`. */
  redisPrefix?: string
  /** Appears in the servers' own tools. Default `sightline`. */
  clientId?: string
  /** How long to wait for Kafka and for Redis at the start, ms. Default 30,000. */
  startMsMax?: number
  /** Told what keeps the engine waiting for some seconds. Default: a warning of the process. */
  warn?: (line: string) => void
  now?: () => number
}

/**
 * Connects to Kafka and Redis, creates missing topics, and checks what would make the results wrong: partitions, clocks,
 * the server's memory policy. @throws Error that says what is wrong and where
 */
export async function createKafkaEngine(config: KafkaEngineConfig): Promise<Engine> {
  const {
    brokers,
    topic,
    redisUrl,
    clientId = 'sightline',
    startMsMax: msMax = 30_000,
    now = Date.now,
  } = config
  const names = topicNames(topic)
  const common = {
    msMax,
    name: topicPrefix(topic),
    warn: config.warn ?? ((line: string) => process.emitWarning(line)),
  }
  const opened: { close(): Promise<void> }[] = []
  try {
    await ensureTopics(brokers, names, { msMax })
    await checkClock(brokers, names.settings, clientId, now)
    const log = await openKafkaEventLog({ brokers, topic, clientId, warn: common.warn })
    opened.push(log)
    const deadLetters = new KafkaDeadLetters({ brokers, topic: names.deadLetters, clientId })
    opened.push(deadLetters)
    const prefix = config.redisPrefix ?? 'sl:'
    const store = await openRedisLiveStore({
      ...common,
      url: redisUrl,
      prefix,
      partitions: log.partitions,
      now,
    })
    opened.push(store)
    const registry = await openKafkaRedisRegistry({
      ...common,
      brokers,
      topic: names.settings,
      clientId,
      redisUrl,
      redisPrefix: prefix,
    })
    opened.push(registry)
    // Latency matters while somebody looks; otherwise fewer requests do.
    const pace = setInterval(() => log.setWatched(registry.watched().size > 0), paceEveryMs)
    pace.unref()
    const close = async (): Promise<void> => {
      clearInterval(pace)
      // Owners drain into the store while the log closes. Without a Redis they would wait for ever, so then the store
      // goes first: what they hold is not committed, and read again by the next owner.
      await Promise.race([log.close(), sleep(limits.drainMsMax, undefined, { ref: false })])
      await store.close()
      await closeAll(opened)
    }
    return { kind: 'kafka', log, deadLetters, store, registry, close }
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

async function closeAll(opened: { close(): Promise<void> }[]): Promise<void> {
  for (const one of opened) await one.close()
}

async function checkClock(
  brokers: string[],
  topic: string,
  clientId: string,
  now: () => number,
): Promise<void> {
  const cluster = new KafkaCluster({ clientId, brokers })
  try {
    checkBrokerClock(
      await withRetry("the broker's clock", clockMsMax, () => measureBrokerClock(cluster, topic, now)),
    )
  } finally {
    await cluster.close()
  }
}
