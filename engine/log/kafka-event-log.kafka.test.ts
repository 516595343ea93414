// The log's contract on a real Kafka: a topic of its own for each test.
import { randomUUID } from 'node:crypto'
import { Admin } from '@platformatic/kafka'
import { kafkaBrokers } from '../../toolchain/test-servers.mjs'
import { KafkaCluster, withRetry } from '../kafka/kafka-cluster.ts'
import { deadLetterContract, type DeadLetterHarness } from './dead-letters.contract.ts'
import { eventLogContract, type EventLogHarness, type PendingBounds } from './event-log.contract.ts'
import type { DeadLetterQueue, EventLog } from './event-log.ts'
import { KafkaDeadLetters } from './kafka-dead-letters.ts'
import { openKafkaEventLog } from './kafka-event-log.ts'
import { ensureTopics, type TopicNames, topicNames } from './kafka-topics.ts'

const readyMsMax = 20_000

class KafkaHarness implements EventLogHarness {
  private readonly brokers = [kafkaBrokers()]
  private readonly names: Partial<TopicNames>
  private readonly admin = new Admin({ clientId: 'test', bootstrapBrokers: this.brokers })
  private readonly opened: { close(): Promise<void> }[] = []

  /** @param wanted which of an installation's topics the test looks at */
  constructor(...wanted: (keyof TopicNames)[]) {
    const all = topicNames(`test-${randomUUID()}.interactions`)
    this.names = Object.fromEntries(wanted.map((one) => [one, all[one]]))
  }

  async create(): Promise<this> {
    // The suites' records are years old, and must not be deleted while they are looked at.
    const retention = { logRetentionMs: -1, deadLetterRetentionMs: -1 }
    await ensureTopics(this.brokers, this.names, { msMax: readyMsMax, ...retention })
    return this
  }

  async open(bounds: PendingBounds = {}): Promise<EventLog> {
    const log = await openKafkaEventLog({ brokers: this.brokers, topic: this.topic(), ...bounds })
    this.opened.push(log)
    return log
  }

  async reopen(log: EventLog): Promise<EventLog> {
    await log.close()
    return this.open()
  }

  async observedEnd(partition: number): Promise<number> {
    const cluster = new KafkaCluster({ clientId: 'stranger', brokers: this.brokers })
    const { end } = await withRetry('the end', readyMsMax, () => cluster.bounds(this.topic(), partition))
    await cluster.close()
    return end
  }

  async trim(partition: number, offset: number): Promise<void> {
    const partitions = [{ partition, offset: BigInt(offset) }]
    await this.admin.deleteRecords({ topics: [{ name: this.topic(), partitions }] })
  }

  private topic(): string {
    return Object.values(this.names)[0]
  }

  openDeadLetters(): DeadLetterQueue {
    const queue = new KafkaDeadLetters({ brokers: this.brokers, topic: this.topic(), clientId: 'test' })
    this.opened.push(queue)
    return queue
  }

  async destroy(): Promise<void> {
    await Promise.all(this.opened.map((one) => one.close()))
    await this.admin.deleteTopics({ topics: Object.values(this.names) })
    await this.admin.close()
  }
}

eventLogContract('Kafka', () => new KafkaHarness('interactions').create(), { members: 'many' })

deadLetterContract('Kafka', async (): Promise<DeadLetterHarness> => {
  const harness = await new KafkaHarness('deadLetters').create()
  return {
    open: async () => harness.openDeadLetters(),
    reopen: async (queue) => {
      await queue.close()
      return harness.openDeadLetters()
    },
    destroy: () => harness.destroy(),
  }
})
