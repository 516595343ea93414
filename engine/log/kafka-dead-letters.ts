import { limits } from '@sightline/protocol/limits'
import type { RecordsBatch } from '@platformatic/kafka'
import { KafkaCluster, withRetry } from '../kafka/kafka-cluster.ts'
import type { DeadLetter, DeadLetterQueue } from './event-log.ts'
import { KafkaPartitionReader } from './kafka-partition-reader.ts'
import { KafkaProducer } from './kafka-producer.ts'

const questionMsMax = 15_000
const readPace = { waitMs: 200, bytesMin: 1 }
const nothing = new Uint8Array(0)

/** Names of the headers in which a letter's reason and its record's key travel; the record's key names the place. */
const reasonHeader = 'reason'
const keyHeader = 'key'

/**
 * Dead letters in a topic of one partition: key `<partition>:<offset>`, value and timestamp those of the record. A repeat
 * has the same key, is listed once, and is compacted away.
 */
export class KafkaDeadLetters implements DeadLetterQueue {
  private readonly topic: string
  private readonly cluster: KafkaCluster
  private readonly producer: KafkaProducer
  private readonly reader: KafkaPartitionReader

  constructor(options: { brokers: string[]; topic: string; clientId: string }) {
    this.topic = options.topic
    this.cluster = new KafkaCluster(options)
    this.producer = new KafkaProducer({ ...options, partitions: 1, lingerMs: 1 })
    this.reader = new KafkaPartitionReader(this.cluster, options.topic, 0)
  }

  /** Rejects when a letter isn't surely durable; it may then be put again. */
  async put(letters: DeadLetter[]): Promise<void> {
    await Promise.all(letters.map((letter) => this.putOne(letter)))
  }

  list(limit: number): Promise<DeadLetter[]> {
    const count = Math.min(limit, limits.deadLettersListedMax)
    return withRetry(`topic ${this.topic}`, questionMsMax, () => this.listNewest(count))
  }

  async close(): Promise<void> {
    await this.producer.close()
    await this.reader.close()
    await this.cluster.close()
  }

  private putOne(letter: DeadLetter): Promise<void> {
    return new Promise((resolve, reject) => {
      const taken = this.producer.append(
        0,
        Buffer.from(`${letter.partition}:${letter.offset}`),
        letter.value,
        letter.timestampMs,
        (error) => (error ? reject(error) : resolve()),
        [
          [reasonHeader, Buffer.from(letter.reason)],
          [keyHeader, letter.key],
        ],
      )
      if (!taken) reject(new Error('no more dead letters can be taken at present'))
    })
  }

  /** Steps back from the end until there are enough different letters, or the start is reached. */
  private async listNewest(count: number): Promise<DeadLetter[]> {
    const { start, end } = await this.reader.bounds()
    let span = count
    for (;;) {
      const from = Math.max(start, end - span)
      const letters = await this.readLetters(from, end)
      if (letters.length >= count || from === start) return count === 0 ? [] : letters.slice(-count)
      span *= 4
    }
  }

  private async readLetters(from: number, end: number): Promise<DeadLetter[]> {
    const letters = new Map<string, DeadLetter>()
    let offset = from
    while (offset < end) {
      const read = await this.reader.read(offset, readPace)
      for (const batch of read.batches) collect(batch, from, letters)
      // Nothing more, though the end isn't reached: what was there has been compacted away.
      if (read.next === offset) break
      offset = read.next
    }
    return [...letters.values()]
  }
}

function collect(batch: RecordsBatch, from: number, letters: Map<string, DeadLetter>): void {
  for (const record of batch.records) {
    if (Number(batch.firstOffset) + record.offsetDelta < from) continue
    const name = String(record.key)
    const place = /^(\d+):(\d+)$/.exec(name)
    if (place === null || letters.has(name)) continue
    const header = (wanted: string): Uint8Array | null =>
      record.headers.find(([headerName]) => String(headerName) === wanted)?.[1] ?? null
    letters.set(name, {
      partition: Number(place[1]),
      offset: Number(place[2]),
      reason: Buffer.from(header(reasonHeader) ?? nothing).toString(),
      timestampMs: Number(batch.firstTimestamp + record.timestampDelta),
      key: header(keyHeader) ?? nothing,
      value: record.value ?? nothing,
    })
  }
}
