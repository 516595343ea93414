import { type Connection, createAPI, produceV11, Writer } from '@platformatic/kafka'
import { answerInside } from '../kafka/kafka-errors.ts'
import type { RecordBatch } from './kafka-record-batch.ts'

const produceApiKey = 0
const produceApiVersion = 11
const acknowledgedByAllInSync = -1
const unknownOffset = -1

/** What the broker says about one partition of a request. */
export interface ProduceResult {
  /** 0, or a number of Kafka's protocol errors. */
  errorCode: number
  /** Offset of the batch's first record. */
  baseOffset: number
  /** The broker's clock when it wrote, ms; -1 unless the topic is stamped by the broker. */
  appendedAtMs: number
}

interface SealedBatch {
  partition: number
  batch: RecordBatch
}

type ProduceAnswer = ReturnType<typeof produceV11.parseResponse>

// The library's own request builder wants an object per record; our batches are encoded already.
const produceApi = createAPI<[topic: string, batches: SealedBatch[], brokerMsMax: number], ProduceAnswer>(
  produceApiKey,
  produceApiVersion,
  writeRequest,
  produceV11.parseResponse,
)

/**
 * Sends sealed batches, at most one per partition, all led by the connection's broker. `done` is called once: with the
 * results per partition, or with null and the error when there was no answer (the batches may then be written or not).
 */
export function produce(
  connection: Connection,
  topic: string,
  batches: SealedBatch[],
  brokerMsMax: number,
  done: (results: Map<number, ProduceResult> | null, error: Error | null) => void,
): void {
  produceApi(connection, topic, batches, brokerMsMax, (error, payload) => {
    const answer = payload ?? answerInside<ProduceAnswer>(error)
    done(answer ? resultsOf(answer) : null, error)
  })
}

function writeRequest(topic: string, batches: SealedBatch[], brokerMsMax: number): Writer {
  return Writer.create()
    .appendString(null) // no transaction
    .appendInt16(acknowledgedByAllInSync)
    .appendInt32(brokerMsMax)
    .appendArray([topic], (topicWriter) => {
      topicWriter.appendString(topic).appendArray(batches, (partitionWriter, { partition, batch }) => {
        const encoded = batch.encoded()
        partitionWriter
          .appendInt32(partition)
          .appendUnsignedVarInt(encoded.length + 1)
          .append(encoded)
      })
    })
    .appendTaggedFields()
}

function resultsOf(answer: ProduceAnswer): Map<number, ProduceResult> {
  const results = new Map<number, ProduceResult>()
  for (const topic of answer.responses) {
    for (const one of topic.partitionResponses) {
      results.set(one.index, {
        errorCode: one.errorCode,
        baseOffset: one.errorCode === 0 ? Number(one.baseOffset) : unknownOffset,
        appendedAtMs: Number(one.logAppendTimeMs),
      })
    }
  }
  return results
}
