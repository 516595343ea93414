import { limits } from '@sightline/protocol/limits'
import { KafkaCluster, type TopicLayout, withRetry } from '../kafka/kafka-cluster.ts'
import type { ConsumeOptions, Consumption, EventLog } from './event-log.ts'
import type { FetchPace } from './kafka-fetch.ts'
import { KafkaGroupReader } from './kafka-group-reader.ts'
import { KafkaProducer } from './kafka-producer.ts'
import type { Settle } from './kafka-record-batch.ts'

const questionMsMax = 15_000
const watchedPace: FetchPace = { waitMs: 250, bytesMin: 1 }
const unwatchedPace: FetchPace = { waitMs: 50, bytesMin: limits.fetchUnwatchedBytesMin }

export interface KafkaEventLogOptions {
  /** `host:port`; any of them is enough to find the rest. */
  brokers: string[]
  /** Must exist: see kafka-topics.ts. */
  topic: string
  /** Appears in the broker's own tools. */
  clientId?: string
  /** Narrower limits than those of limits.ts, for tests. */
  pendingRecordsMax?: number
  pendingBytesMax?: number
  /** How long an append is tried, ms. Default limits.deliveryMsMax. */
  deliveryMsMax?: number
  /** Told what keeps appending or reading waiting for some seconds. Default: a warning of the process. */
  warn?: (line: string) => void
}

/** Opens the log over an existing topic. Rejects when no broker answers within 15 s. */
export async function openKafkaEventLog(options: KafkaEventLogOptions): Promise<KafkaEventLog> {
  const cluster = new KafkaCluster({ clientId: options.clientId ?? 'sightline', brokers: options.brokers })
  try {
    const { leaders } = await withRetry(`topic ${options.topic}`, questionMsMax, () =>
      cluster.layout(options.topic),
    )
    return new KafkaEventLog(options, cluster, leaders.length)
  } catch (error) {
    await cluster.close()
    throw error
  }
}

/** The event log in a Kafka topic: see EventLog. */
export class KafkaEventLog implements EventLog {
  readonly partitions: number
  private readonly options: KafkaEventLogOptions
  private readonly cluster: KafkaCluster
  private readonly producer: KafkaProducer
  private readonly readers = new Set<KafkaGroupReader>()
  private pace = watchedPace
  private closing: Promise<void> | null = null

  constructor(options: KafkaEventLogOptions, cluster: KafkaCluster, partitions: number) {
    this.options = options
    this.cluster = cluster
    this.partitions = partitions
    this.producer = new KafkaProducer({ ...options, partitions, clientId: cluster.clientId })
  }

  /** How long an appended record waits for company, ms. Default limits.logLingerUnwatchedMs. */
  setLinger(lingerMs: number): void {
    this.producer.lingerMs = lingerMs
  }

  /** While nobody watches, fetches wait for more bytes, which saves requests. Default: watched. */
  setWatched(watched: boolean): void {
    this.pace = watched ? watchedPace : unwatchedPace
  }

  async identity(): Promise<string> {
    return (await this.layout()).id
  }

  append(
    partition: number,
    key: Uint8Array,
    value: Uint8Array,
    timestampMs: number,
    settle: Settle,
  ): boolean {
    return this.producer.append(partition, key, value, timestampMs, settle)
  }

  bounds(partition: number): Promise<{ start: number; end: number }> {
    const { topic } = this.options
    return withRetry(`bounds of ${topic}`, questionMsMax, () => this.cluster.bounds(topic, partition))
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    if (this.closing !== null) throw new Error('the log is closed')
    const { brokers, topic } = this.options
    const layout = await this.layout()
    const warn = this.options.warn ?? ((line: string) => process.emitWarning(line))
    const reader = new KafkaGroupReader({ ...options, brokers, topic, layout, warn, pace: () => this.pace })
    this.readers.add(reader)
    const forget = (): void => void this.readers.delete(reader)
    reader.ended.then(forget, forget)
    return reader
  }

  pending(): { records: number; bytes: number } {
    return this.producer.pending()
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll()
    return this.closing
  }

  private async closeAll(): Promise<void> {
    await Promise.all([this.producer.close(), ...[...this.readers].map((reader) => reader.stop())])
    await this.cluster.close()
  }

  private layout(): Promise<TopicLayout> {
    const { topic } = this.options
    return withRetry(`topic ${topic}`, questionMsMax, () => this.cluster.layout(topic))
  }
}
