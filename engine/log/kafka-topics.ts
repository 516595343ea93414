import { limits } from '@sightline/protocol/limits'
import { Admin, ConfigResourceTypes } from '@platformatic/kafka'
import { KafkaCluster, NoSuchTopicError, withRetry } from '../kafka/kafka-cluster.ts'
import { kafkaErrorCode, kafkaErrors } from '../kafka/kafka-errors.ts'

const replicasMax = 3
const forever = '9223372036854775807'
const leadersMsMax = 15_000
const leadersEveryMs = 50
const requestMsMax = 10_000

/** The topics of one installation, named after the topic of the interactions. */
export interface TopicNames {
  interactions: string
  deadLetters: string
  settings: string
}

/** `shop.interactions` → `shop.dead-letters`, `shop.settings`. A name of another form keeps its whole as prefix. */
export function topicNames(interactions: string): TopicNames {
  const prefix = topicPrefix(interactions)
  return { interactions, deadLetters: `${prefix}.dead-letters`, settings: `${prefix}.settings` }
}

/** What the names of an installation begin with, in Kafka and in Redis. */
export function topicPrefix(interactions: string): string {
  return interactions.replace(/\.interactions$/, '')
}

/** What one topic has to be. */
interface TopicPlan {
  topic: string
  partitions: number
  configs: Record<string, string>
  /** Whether records keep the time that their writer gave them, or get the broker's. */
  timestampType: 'CreateTime' | 'LogAppendTime'
}

/** Versions of Kafka's APIs that the engine speaks, by the number of the API. Kafka has them all from 3.9 on. */
const apiVersionsNeeded: Record<number, number> = {
  0: 11, // produce
  1: 17, // fetch
  2: 9, // list offsets
  3: 12, // metadata
  8: 9, // offset commit
  10: 6, // find coordinator
  11: 9, // join group
  12: 4, // heartbeat
  13: 5, // leave group
  14: 5, // sync group
  22: 5, // init producer id
}

export interface EnsureTopicsOptions {
  /** How long to wait for the brokers, ms. */
  msMax: number
  /** How long new topics keep records, by the records' own times, ms; -1 for ever. Defaults in limits.ts. */
  logRetentionMs?: number
  deadLetterRetentionMs?: number
}

function plansOf(names: Partial<TopicNames>, options: EnsureTopicsOptions): TopicPlan[] {
  // Records are stamped by the gateways; a clock that is wrong must not make the broker refuse a whole batch.
  const stampedByWriter = {
    'message.timestamp.type': 'CreateTime',
    'message.timestamp.after.max.ms': forever,
  }
  const plans = [
    {
      topic: names.interactions,
      partitions: limits.logPartitions,
      configs: {
        ...stampedByWriter,
        'retention.ms': String(options.logRetentionMs ?? limits.logRetentionMs),
      },
      timestampType: 'CreateTime' as const,
    },
    {
      topic: names.deadLetters,
      partitions: 1,
      configs: {
        ...stampedByWriter,
        'cleanup.policy': 'compact,delete',
        'retention.ms': String(options.deadLetterRetentionMs ?? limits.deadLetterRetentionMs),
      },
      timestampType: 'CreateTime' as const,
    },
    {
      topic: names.settings,
      partitions: 1,
      configs: { 'cleanup.policy': 'compact', 'message.timestamp.type': 'LogAppendTime' },
      timestampType: 'LogAppendTime' as const,
    },
  ]
  return plans.flatMap(({ topic, ...plan }) => (topic === undefined ? [] : [{ topic, ...plan }]))
}

/**
 * Creates what is missing of the named topics, and refuses topics that don't fit: another number of partitions,
 * or the wrong kind of timestamps. New topics get three replicas where there are three brokers, and are then written
 * only when two have it.
 */
export async function ensureTopics(
  brokers: string[],
  names: Partial<TopicNames>,
  options: EnsureTopicsOptions,
): Promise<void> {
  const admin = new Admin({
    clientId: 'sightline-topics',
    bootstrapBrokers: brokers,
    retries: 0,
    connectTimeout: 3_000,
    requestTimeout: requestMsMax,
  })
  const cluster = new KafkaCluster({ clientId: 'sightline-topics', brokers })
  try {
    await withRetry(`Kafka at ${brokers.join(', ')}`, options.msMax, () => admin.listApis()).then(checkApis)
    await Promise.all(plansOf(names, options).map((plan) => ensureTopic(admin, cluster, plan)))
  } finally {
    await Promise.all([admin.close(), cluster.close()])
  }
}

function checkApis(offered: { apiKey: number; minVersion: number; maxVersion: number }[]): void {
  for (const [key, version] of Object.entries(apiVersionsNeeded)) {
    const api = offered.find((one) => one.apiKey === Number(key))
    if (api === undefined || api.minVersion > version || api.maxVersion < version) {
      throw new Error(`this Kafka does not speak version ${version} of API ${key}: 3.9 or newer is needed`)
    }
  }
}

async function ensureTopic(admin: Admin, cluster: KafkaCluster, plan: TopicPlan): Promise<void> {
  const what = `topic ${plan.topic}`
  const question = async (): Promise<number> => {
    const leaders = await leadersOrNull(cluster, plan.topic)
    if (leaders === null) {
      await createTopic(admin, plan, cluster.brokerCount)
      throw new Error('created just now, not known everywhere yet')
    }
    if (leaders.includes(-1)) throw new Error('some partitions have no leader')
    return leaders.length
  }
  const partitions = await withRetry(what, leadersMsMax, question, leadersEveryMs)
  if (partitions !== plan.partitions) {
    throw new Error(
      `${what} has ${partitions} partitions, needed are ${plan.partitions}: ` +
        'with another number, sessions would move away from their duplicate windows',
    )
  }
  await checkTimestampType(admin, plan)
}

async function leadersOrNull(cluster: KafkaCluster, topic: string): Promise<number[] | null> {
  try {
    return (await cluster.layout(topic)).leaders
  } catch (error) {
    if (error instanceof NoSuchTopicError) return null
    throw error
  }
}

async function createTopic(admin: Admin, plan: TopicPlan, brokerCount: number): Promise<void> {
  const replicas = Math.min(replicasMax, brokerCount)
  const configs = replicas === replicasMax ? { ...plan.configs, 'min.insync.replicas': '2' } : plan.configs
  try {
    await admin.createTopics({
      topics: [plan.topic],
      partitions: plan.partitions,
      replicas,
      configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
    })
  } catch (error) {
    // Another process of the installation was faster.
    if (kafkaErrorCode(error) !== kafkaErrors.topicAlreadyExists) throw error
  }
}

async function checkTimestampType(admin: Admin, plan: TopicPlan): Promise<void> {
  const resource = {
    resourceType: ConfigResourceTypes.TOPIC,
    resourceName: plan.topic,
    configurationKeys: ['message.timestamp.type'],
  }
  const [described] = await withRetry(`settings of topic ${plan.topic}`, leadersMsMax, () =>
    admin.describeConfigs({ resources: [resource] }),
  )
  const type = described.configs.find((one) => one.name === 'message.timestamp.type')?.value
  if (type !== plan.timestampType) {
    throw new Error(`topic ${plan.topic} has message.timestamp.type=${type}, needed is ${plan.timestampType}`)
  }
}
