import { setTimeout as sleep } from 'node:timers/promises'
import {
  type API,
  type Broker,
  type Connection,
  ConnectionPool,
  findCoordinatorV6,
  listOffsetsV9,
  metadataV12,
} from '@platformatic/kafka'
import { answerInside, kafkaErrorCode, kafkaErrors } from './kafka-errors.ts'

const connectMsMax = 3_000
const metadataMsMax = 5_000
const poolCloseMsMax = 1_000
const retryMs = 200
const coordinatorOfGroups = 0

/** The brokers answer, and have no topic of that name. */
export class NoSuchTopicError extends Error {
  constructor(topic: string) {
    super(`Kafka has no topic ${topic}`)
    this.name = 'NoSuchTopicError'
  }
}

/** What metadata says about one topic. */
export interface TopicLayout {
  /** Kafka's own id of the topic: another one after it was deleted and created anew. */
  id: string
  /** Node id of each partition's leader, -1 where there is none at present. */
  leaders: number[]
}

/** One side of the cluster as a client sees it: who the brokers are, where a topic's partitions are led. */
export class KafkaCluster {
  readonly clientId: string
  private readonly bootstrap: Broker[]
  private readonly metadataPool: ConnectionPool
  private known = new Map<number, Broker>()
  /** Which broker is asked first: moves on after a failure, so that one silent broker isn't asked for ever. */
  private firstAsked = 0

  /** `brokers` as `host:port`; any of them is enough to find the rest. */
  constructor(options: { clientId: string; brokers: string[] }) {
    this.clientId = options.clientId
    this.bootstrap = options.brokers.map(parseBroker)
    this.metadataPool = this.newPool(metadataMsMax)
  }

  /** Connections for one purpose. A broker answers a connection's requests one after the other, so purposes don't share. */
  newPool(requestMsMax: number, inFlightMax = 5): ConnectionPool {
    const pool = new ConnectionPool(this.clientId, {
      connectTimeout: connectMsMax,
      requestTimeout: requestMsMax,
      maxInflights: inFlightMax,
    })
    // The pool listens for one error only, and an emitter's second error without a listener would end the process.
    // Whoever awaits an answer is told by that request's own callback.
    pool.on('connecting', ({ connection }) => connection.on('error', () => {}))
    return pool
  }

  /** How many brokers the last metadata named. */
  get brokerCount(): number {
    return this.known.size
  }

  /** A connection of the pool to one node, which the last metadata must have named. */
  async connect(pool: ConnectionPool, node: number): Promise<Connection> {
    const broker = this.known.get(node)
    if (broker === undefined) throw new Error(`Kafka's metadata names no node ${node}`)
    return pool.get(broker)
  }

  /** Asks for a topic's id and leaders. Rejects when it does not exist or no broker answers. */
  async layout(topic: string): Promise<TopicLayout> {
    const answer = await this.fromAnyBroker(this.metadataPool, (connection) =>
      ask(metadataV12.api, connection, [topic], false, false),
    )
    this.known = new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]))
    const found = answer.topics[0]
    if (found === undefined || found.errorCode === kafkaErrors.unknownTopicOrPartition) {
      throw new NoSuchTopicError(topic)
    }
    const leaders: number[] = new Array(found.partitions.length).fill(-1)
    for (const partition of found.partitions) leaders[partition.partitionIndex] = partition.leaderId
    if (leaders.length === 0)
      throw new Error(`Kafka said nothing about topic ${topic} (error ${found.errorCode})`)
    return { id: found.topicId, leaders }
  }

  /** First offset still held (`start`) and offset of the next record (`end`). */
  async bounds(topic: string, partition: number): Promise<{ start: number; end: number }> {
    const { leaders } = await this.layout(topic)
    const connection = await this.connect(this.metadataPool, leaders[partition] ?? -1)
    const offsetAt = async (timestamp: bigint): Promise<number> => {
      const partitions = [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp }]
      const answer = await listOffsetsV9.api.async(connection, -1, 0, [{ name: topic, partitions }])
      return Number(answer.topics[0].partitions[0].offset)
    }
    const [start, end] = [await offsetAt(-2n), await offsetAt(-1n)]
    return { start, end }
  }

  /** The broker that looks after a consumer group. */
  async coordinator(group: string): Promise<Broker> {
    const answer = await this.fromAnyBroker(this.metadataPool, (connection) =>
      findCoordinatorV6.api.async(connection, coordinatorOfGroups, [group]),
    )
    const { host, port } = answer.coordinators[0]
    return { host, port }
  }

  /** The answer of the first broker that gives one. */
  async fromAnyBroker<Answer>(
    pool: ConnectionPool,
    work: (connection: Connection) => Promise<Answer>,
  ): Promise<Answer> {
    const candidates = [...this.known.values(), ...this.bootstrap]
    let failure: unknown
    for (let i = 0; i < candidates.length; i++) {
      const broker = candidates[(this.firstAsked + i) % candidates.length]
      try {
        return await work(await pool.get(broker))
      } catch (error) {
        failure = error
        this.firstAsked++
      }
    }
    throw new Error(
      `no Kafka broker answered (asked ${candidates.map((b) => `${b.host}:${b.port}`).join(', ')})`,
      {
        cause: failure,
      },
    )
  }

  async close(): Promise<void> {
    await closePool(this.metadataPool)
  }
}

/**
 * Calls one API of the low-level client. An error that only one part of the answer reports (one partition of many)
 * stands in the answer and is judged by the caller, who must look at every error code.
 */
export function ask<Args extends unknown[], Answer>(
  api: API<Args, Answer>,
  connection: Connection,
  ...args: Args
): Promise<Answer> {
  return api.async(connection, ...args).catch((error: unknown) => {
    const answer = answerInside<Answer>(error)
    if (answer === null) throw error
    return answer
  })
}

/** Closes all connections of a pool; a peer that doesn't take our last bytes is left behind after a second. */
export async function closePool(pool: ConnectionPool): Promise<void> {
  await Promise.race([pool.close().catch(() => {}), sleep(poolCloseMsMax, undefined, { ref: false })])
}

/** Repeats a question until it is answered, `msMax` have passed, or it can't be answered at all (not authorized). */
export async function withRetry<Answer>(
  what: string,
  msMax: number,
  question: () => Promise<Answer>,
  everyMs = retryMs,
): Promise<Answer> {
  const deadline = performance.now() + msMax
  for (;;) {
    try {
      return await question()
    } catch (error) {
      if (isAuthorization(error) || performance.now() > deadline) {
        throw new Error(`${what}: ${error instanceof Error ? error.message : error}`, { cause: error })
      }
      await sleep(everyMs)
    }
  }
}

/** Whether the broker refuses this user: repeating doesn't help. */
export function isAuthorization(error: unknown): boolean {
  const code = kafkaErrorCode(error)
  return (
    code === kafkaErrors.topicAuthorizationFailed ||
    code === kafkaErrors.groupAuthorizationFailed ||
    code === kafkaErrors.clusterAuthorizationFailed
  )
}

function parseBroker(text: string): Broker {
  const colon = text.lastIndexOf(':')
  const port = Number(text.slice(colon + 1))
  if (colon < 1 || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`a Kafka broker is written host:port, not ${text}`)
  }
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port }
}
