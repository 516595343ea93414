import { type Connection, fetchV17, type RecordsBatch } from '@platformatic/kafka'
import { ask } from '../kafka/kafka-cluster.ts'
import type { LogRecord } from './event-log.ts'

const controlBatchFlag = 1 << 5
const stampedByBrokerFlag = 1 << 3
const nothing = new Uint8Array(0)

type FetchAnswerPartition = ReturnType<
  typeof fetchV17.parseResponse
>['responses'][number]['partitions'][number]

/** How long a broker may hold a fetch back, and for how many bytes. */
export interface FetchPace {
  waitMs: number
  bytesMin: number
}

export interface FetchLimits {
  bytesMax: number
  partitionBytesMax: number
}

/** One partition's part of a fetch. */
export interface Fetched {
  partition: number
  /** 0, or a number of Kafka's protocol errors. */
  errorCode: number
  /** End of the log, as far as it is replicated. */
  endOffset: number
  batches: RecordsBatch[]
}

/** Fetches from the broker of a connection. `errorCode` is that of the whole request. */
export async function fetchPartitions(
  connection: Connection,
  topicId: string,
  wanted: { partition: number; offset: number }[],
  pace: FetchPace,
  bounds: FetchLimits,
): Promise<{ errorCode: number; partitions: Fetched[] }> {
  const partitions = wanted.map(({ partition, offset }) => ({
    partition,
    currentLeaderEpoch: -1,
    fetchOffset: BigInt(offset),
    lastFetchedEpoch: -1,
    partitionMaxBytes: bounds.partitionBytesMax,
  }))
  const topics = [{ topicId, partitions }]
  // Isolation level, session id and session epoch: all records, no incremental session, no rack.
  const answer = await ask(
    fetchV17.api,
    connection,
    pace.waitMs,
    pace.bytesMin,
    bounds.bytesMax,
    0,
    0,
    -1,
    topics,
    [],
    '',
  )
  return {
    errorCode: answer.errorCode,
    partitions: answer.responses.flatMap((topic) => topic.partitions.map(fetchedOf)),
  }
}

function fetchedOf(part: FetchAnswerPartition): Fetched {
  return {
    partition: part.partitionIndex,
    errorCode: part.errorCode,
    endOffset: Number(part.highWatermark),
    batches: part.records ?? [],
  }
}

/** The offset after the last record of these batches, records that are only Kafka's own included. */
export function offsetAfter(batches: RecordsBatch[]): number {
  const last = batches[batches.length - 1]
  return Number(last.firstOffset) + last.lastOffsetDelta + 1
}

/** The records from an offset on. A broker sends whole batches, so the first may begin before it. */
export function recordsFrom(batches: RecordsBatch[], offset: number): LogRecord[] {
  const records: LogRecord[] = []
  for (const batch of batches) {
    if (batch.attributes & controlBatchFlag) continue
    const firstOffset = Number(batch.firstOffset)
    const firstTimestampMs = Number(batch.firstTimestamp)
    const brokerTimestampMs = batch.attributes & stampedByBrokerFlag ? Number(batch.maxTimestamp) : null
    for (const record of batch.records) {
      const recordOffset = firstOffset + record.offsetDelta
      if (recordOffset < offset) continue
      records.push({
        offset: recordOffset,
        timestampMs: brokerTimestampMs ?? firstTimestampMs + Number(record.timestampDelta),
        key: record.key ?? nothing,
        value: record.value ?? nothing,
      })
    }
  }
  return records
}
