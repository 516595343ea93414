import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, heartbeatV4, offsetCommitV9 } from '@platformatic/kafka'
import { kafkaErrorCode, kafkaErrors } from '../kafka/kafka-errors.ts'

/** A member gives itself up before the broker does: at this part of the session timeout without an answered heartbeat. */
const selfFencePart = 0.9
const heartbeatsPerSession = 6

export interface GroupSessionOptions {
  group: string
  topic: string
  generation: number
  memberId: string
  partitions: number[]
  sessionTimeoutMs: number
  /** A connection to the group's coordinator. */
  connect(): Promise<Connection>
  /** The coordinator has to be looked up again. */
  disconnect(): void
  /** The broker doesn't know this member any more. */
  forgetMember(): void
}

type Beat = 'alive' | 'rebalance' | 'lost' | 'unheard'

/** What a member holds between one rebalance and the next. Heartbeats go on until end(), also while it drains. */
export class GroupSession {
  readonly partitions: number[]
  /** Resolves when the partitions have to be given back: after a drain (`rebalance`), or they went already (`lost`). */
  readonly over: Promise<'rebalance' | 'lost'>
  private readonly options: GroupSessionOptions
  private readonly stopped = new AbortController()
  private readonly beating: Promise<void>
  private announce: (reason: 'rebalance' | 'lost') => void = () => {}

  constructor(options: GroupSessionOptions) {
    this.options = options
    this.partitions = options.partitions
    this.over = new Promise((resolve) => {
      this.announce = resolve
    })
    this.beating = this.beatUntilStopped()
  }

  /** Stops the heartbeats. */
  async end(): Promise<void> {
    this.stopped.abort()
    await this.beating
  }

  /** Records offsets for lag tools. Without effect when the group has moved on. */
  async recordPosition(positions: Map<number, number>): Promise<void> {
    const { group, topic, generation, memberId } = this.options
    const partitions = [...positions].map(([partitionIndex, offset]) => ({
      partitionIndex,
      committedOffset: BigInt(offset),
      committedLeaderEpoch: -1,
      committedMetadata: null,
    }))
    const connection = await this.options.connect()
    await offsetCommitV9.api.async(connection, group, generation, memberId, null, [
      { name: topic, partitions },
    ])
  }

  private async beatUntilStopped(): Promise<void> {
    const { sessionTimeoutMs } = this.options
    let heardAtMs = performance.now()
    while (!this.stopped.signal.aborted) {
      const fenceAtMs = heardAtMs + sessionTimeoutMs * selfFencePart
      await this.pause(Math.min(sessionTimeoutMs / heartbeatsPerSession, fenceAtMs - performance.now()))
      if (this.stopped.signal.aborted) return
      const sentAtMs = performance.now()
      const silence = this.pause(fenceAtMs - sentAtMs).then((): Beat => 'lost')
      const beat = sentAtMs < fenceAtMs ? await Promise.race([this.beat(), silence]) : 'lost'
      if (this.stopped.signal.aborted) return
      if (beat === 'alive' || beat === 'rebalance') heardAtMs = sentAtMs
      if (beat === 'rebalance') this.announce('rebalance')
      if (beat === 'lost') return this.announce('lost')
    }
  }

  private async beat(): Promise<Beat> {
    const { group, generation, memberId } = this.options
    try {
      await heartbeatV4.api.async(await this.options.connect(), group, generation, memberId, null)
      return 'alive'
    } catch (error) {
      const code = kafkaErrorCode(error)
      if (code === kafkaErrors.rebalanceInProgress) return 'rebalance'
      if (code === kafkaErrors.illegalGeneration) return 'lost'
      if (code === kafkaErrors.unknownMember || code === kafkaErrors.fencedInstance) {
        this.options.forgetMember()
        return 'lost'
      }
      // The coordinator moved or the connection broke: the session lives until its time is over.
      this.options.disconnect()
      return 'unheard'
    }
  }

  /** Resolves after `ms`, or at once when the session ends. */
  private pause(ms: number): Promise<void> {
    return sleep(Math.max(0, ms), undefined, { signal: this.stopped.signal }).catch(() => {})
  }
}
