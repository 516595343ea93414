import { limits } from '@sightline/protocol/limits'
import { produce, type ProduceResult } from '../log/kafka-produce-request.ts'
import { RecordBatch } from '../log/kafka-record-batch.ts'
import { closePool, KafkaCluster } from './kafka-cluster.ts'

const answerMsMax = 5_000
const notIdempotent = { id: -1n, epoch: -1 }

/**
 * How far the clock of the broker that leads a topic is ahead of ours, ms, and how exact that is (half a round trip).
 * Measured by appending one record (key `clock`, compacted away later) to a topic that the broker stamps.
 */
export async function measureBrokerClock(
  cluster: KafkaCluster,
  topic: string,
  now: () => number,
): Promise<{ aheadMs: number; errorMs: number }> {
  const pool = cluster.newPool(answerMsMax)
  try {
    const { leaders } = await cluster.layout(topic)
    const connection = await cluster.connect(pool, leaders[0])
    const batch = new RecordBatch()
    const sentAtMs = now()
    batch.add(Buffer.from('clock'), new Uint8Array(0), sentAtMs, sentAtMs, () => {})
    batch.seal(notIdempotent, -1)
    const result = await new Promise<ProduceResult>((resolve, reject) => {
      produce(connection, topic, [{ partition: 0, batch }], answerMsMax, (results, error) => {
        const one = results?.get(0)
        if (one === undefined || one.errorCode !== 0) reject(error ?? new Error('Kafka did not answer'))
        else resolve(one)
      })
    })
    const answeredAtMs = now()
    return {
      aheadMs: result.appendedAtMs - (sentAtMs + answeredAtMs) / 2,
      errorMs: (answeredAtMs - sentAtMs) / 2,
    }
  } finally {
    await closePool(pool)
  }
}

/** @throws Error when a clock is surely more than limits.brokerClockMsMax off the broker's. */
export function checkBrokerClock({ aheadMs, errorMs }: { aheadMs: number; errorMs: number }): void {
  if (Math.abs(aheadMs) - errorMs <= limits.brokerClockMsMax) return
  const direction = aheadMs > 0 ? 'behind' : 'ahead of'
  throw new Error(
    `this machine's clock is ${Math.round(Math.abs(aheadMs))} ms ${direction} the Kafka broker's ` +
      `(allowed are ${limits.brokerClockMsMax} ms): records are stamped here, so set the clock first`,
  )
}
