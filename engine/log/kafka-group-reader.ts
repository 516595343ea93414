import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@sightline/protocol/limits'
import { KafkaCluster, type TopicLayout } from '../kafka/kafka-cluster.ts'
import { kafkaErrorCode, kafkaErrors, LogRecreatedError } from '../kafka/kafka-errors.ts'
import { Trouble } from '../trouble.ts'
import type { ConsumeOptions, Consumption } from './event-log.ts'
import type { FetchPace } from './kafka-fetch.ts'
import { KafkaFetcher } from './kafka-fetcher.ts'
import { isHopeless, KafkaGroupMember } from './kafka-group-member.ts'
import type { GroupSession } from './kafka-group-session.ts'

/*
 * A member of a consumer group that reads what the group gives it:
 *
 *   join ──▶ onAssign ──▶ reading ──(rebalance, stop, failure)──▶ handlers finish ──▶ onRevoke ──▶ join again or leave
 *
 * Heartbeats go on from join to the end of onRevoke, so that a drain may take as long as limits.rebalanceMsMax. A
 * member that isn't heard gives itself up (`lost`) before the broker gives its partitions away.
 */

const rejoinMs = 200

export interface GroupReaderOptions extends ConsumeOptions {
  brokers: string[]
  topic: string
  layout: TopicLayout
  pace: () => FetchPace
  /** Told what keeps the member out of the group for some seconds. */
  warn: (line: string) => void
}

/** See Consumption. Starts at once. */
export class KafkaGroupReader implements Consumption {
  readonly ended: Promise<void>
  private readonly options: GroupReaderOptions
  private readonly cluster: KafkaCluster
  private readonly member: KafkaGroupMember
  private readonly fetcher: KafkaFetcher
  private readonly stopRequested = Promise.withResolvers<'stopped'>()
  private session: GroupSession | null = null
  private owned: number[] = []
  private readonly trouble: Trouble
  private stopping = false
  private failure: { error: unknown } | null = null

  constructor(options: GroupReaderOptions) {
    this.options = options
    this.trouble = new Trouble(options.warn)
    this.cluster = new KafkaCluster({ clientId: options.member, brokers: options.brokers })
    this.member = new KafkaGroupMember({
      cluster: this.cluster,
      group: options.group,
      topic: options.topic,
      partitions: options.layout.leaders.length,
      sessionTimeoutMs: options.sessionTimeoutMs ?? limits.groupSessionMs,
    })
    this.fetcher = new KafkaFetcher({
      cluster: this.cluster,
      topic: options.topic,
      layout: options.layout,
      handlers: options,
      pace: options.pace,
      onFailure: (error) => this.fail(error),
    })
    this.ended = this.run()
    // Whoever awaits `ended` is told; an owner that only ever calls stop() must not crash the process.
    this.ended.catch(() => {})
  }

  seek(partition: number, offset: number): void {
    this.fetcher.seek(partition, offset)
  }

  assigned(): number[] {
    return [...this.owned]
  }

  /** What can't be recorded now (the group is moving, the broker away) is recorded with the next call. */
  async recordPosition(positions: Map<number, number>): Promise<void> {
    await this.session?.recordPosition(positions).catch(() => {})
  }

  async stop(): Promise<void> {
    this.requestStop()
    await this.ended.catch(() => {})
  }

  private requestStop(): void {
    this.stopping = true
    this.stopRequested.resolve('stopped')
    if (this.session === null) this.member.interrupt()
  }

  private fail(error: unknown): void {
    this.failure ??= { error }
    this.requestStop()
  }

  private async run(): Promise<void> {
    try {
      while (!this.stopping) await this.runSession()
    } catch (error) {
      this.failure ??= { error }
    }
    this.stopping = true
    await this.fetcher.close()
    await this.member.leave()
    await this.cluster.close()
    if (this.failure !== null) throw this.failure.error
  }

  /** One session, from joining to giving the partitions back. */
  private async runSession(): Promise<void> {
    const session = await this.join()
    if (session === null) return
    this.session = session
    try {
      if (this.stopping) return
      if (session.partitions.length === 0) await Promise.race([session.over, this.stopRequested.promise])
      else await this.own(session)
    } finally {
      this.session = null
      await session.end()
    }
  }

  private async own(session: GroupSession): Promise<void> {
    const partitions = [...session.partitions].sort((a, b) => a - b)
    const offsets = await this.options.onAssign(partitions)
    this.owned = partitions
    this.fetcher.assign(partitions, offsets)
    const reason = await Promise.race([session.over, this.stopRequested.promise])
    await this.fetcher.release()
    await this.options.onRevoke(partitions, reason === 'lost')
    this.owned = []
  }

  /** null when it has to be tried again. Throws when there is no point in it. */
  private async join(): Promise<GroupSession | null> {
    try {
      await this.checkIdentity()
      const session = await this.member.join()
      this.trouble.over()
      return session
    } catch (error) {
      if (error instanceof LogRecreatedError || isHopeless(error)) throw error
      this.trouble.failed(`reading ${this.options.topic} waits for Kafka`, error)
      // A group that is just changing wants everyone back at once; anything else gets a moment to mend.
      if (!this.stopping && kafkaErrorCode(error) !== kafkaErrors.rebalanceInProgress) await sleep(rejoinMs)
      return null
    }
  }

  private async checkIdentity(): Promise<void> {
    const { topic, layout } = this.options
    const { id } = await this.cluster.layout(topic)
    if (id !== layout.id) throw new LogRecreatedError(topic, layout.id, id)
  }
}
