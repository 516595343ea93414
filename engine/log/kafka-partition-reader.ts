import { limits } from '@sightline/protocol/limits'
import type { ConnectionPool, RecordsBatch } from '@platformatic/kafka'
import { closePool, KafkaCluster, type TopicLayout } from '../kafka/kafka-cluster.ts'
import { kafkaErrors } from '../kafka/kafka-errors.ts'
import { fetchPartitions, type FetchPace, offsetAfter } from './kafka-fetch.ts'

const answerMsMax = 10_000

/** What one read brought. */
export interface PartitionRead {
  batches: RecordsBatch[]
  /** Where the next read begins. */
  next: number
}

/** Reads one partition of a side topic from explicit offsets, with no group and no state of its own. */
export class KafkaPartitionReader {
  private readonly cluster: KafkaCluster
  private readonly topic: string
  private readonly partition: number
  private readonly pool: ConnectionPool
  private layout: TopicLayout | null = null

  constructor(cluster: KafkaCluster, topic: string, partition: number) {
    this.cluster = cluster
    this.topic = topic
    this.partition = partition
    this.pool = cluster.newPool(answerMsMax)
  }

  bounds(): Promise<{ start: number; end: number }> {
    return this.cluster.bounds(this.topic, this.partition)
  }

  /** The next records from `offset` on, perhaps none within the pace's wait. Rejects when it has to be tried again. */
  async read(offset: number, pace: FetchPace): Promise<PartitionRead> {
    this.layout ??= await this.cluster.layout(this.topic)
    const wanted = [{ partition: this.partition, offset }]
    const bounds = { bytesMax: limits.fetchBytesMax, partitionBytesMax: limits.fetchPartitionBytesMax }
    try {
      const connection = await this.cluster.connect(this.pool, this.layout.leaders[this.partition])
      const answer = await fetchPartitions(connection, this.layout.id, wanted, pace, bounds)
      const part = answer.partitions[0]
      if (part?.errorCode === kafkaErrors.offsetOutOfRange)
        return { batches: [], next: (await this.bounds()).start }
      if (answer.errorCode !== 0 || part === undefined || part.errorCode !== 0) {
        throw new Error(
          `topic ${this.topic} can't be read now (error ${part?.errorCode ?? answer.errorCode})`,
        )
      }
      return { batches: part.batches, next: part.batches.length > 0 ? offsetAfter(part.batches) : offset }
    } catch (error) {
      // Leaders may have moved, or the topic is a new one.
      this.layout = null
      throw error
    }
  }

  async close(): Promise<void> {
    await closePool(this.pool)
  }
}
