import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Connection,
  type ConnectionPool,
  decodeConsumerProtocolAssignment,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
  joinGroupV9,
  leaveGroupV5,
  syncGroupV5,
} from '@platformatic/kafka'
import { answerInside, kafkaErrorCode, kafkaErrors } from '../kafka/kafka-errors.ts'
import { closePool, KafkaCluster } from '../kafka/kafka-cluster.ts'
import { limits } from '@sightline/protocol/limits'
import { GroupSession } from './kafka-group-session.ts'

const protocolType = 'consumer'
const protocolName = 'sightline-round-robin'
const beyondRebalanceMs = 5_000
const leaveMsMax = 2_000

export interface GroupMemberOptions {
  cluster: KafkaCluster
  group: string
  topic: string
  partitions: number
  sessionTimeoutMs: number
}

/**
 * Membership in a consumer group, used for one thing only: who has which partitions. Offsets never come from the group.
 * Every change of members is a new session: all give back what they have, join again, and the leader deals out anew.
 */
export class KafkaGroupMember {
  private readonly options: GroupMemberOptions
  private readonly pool: ConnectionPool
  private memberId = ''
  private coordinator: Connection | null = null

  constructor(options: GroupMemberOptions) {
    this.options = options
    this.pool = options.cluster.newPool(limits.rebalanceMsMax + beyondRebalanceMs)
  }

  /**
   * Joins the group and is given partitions. Heartbeats run from here until the session's end(). Rejects when it has to
   * be tried again; `isHopeless` tells the errors after which that makes no sense.
   */
  async join(): Promise<GroupSession> {
    try {
      const connection = await this.connectCoordinator()
      const joined = await this.sendJoin(connection)
      this.memberId = joined.memberId
      const plan =
        joined.leader === joined.memberId ? this.deal(joined.members.map((one) => one.memberId)) : []
      const { group } = this.options
      const { generationId, memberId } = joined
      const synced = await syncGroupV5.api.async(
        connection,
        group,
        generationId,
        memberId,
        null,
        protocolType,
        joined.protocolName,
        plan,
      )
      const assignment = decodeConsumerProtocolAssignment(synced.assignment).assignedPartitions
      return new GroupSession({
        group,
        topic: this.options.topic,
        generation: generationId,
        memberId,
        partitions: assignment.find((one) => one.topic === this.options.topic)?.partitions ?? [],
        sessionTimeoutMs: this.options.sessionTimeoutMs,
        connect: () => this.connectCoordinator(),
        disconnect: () => this.forgetCoordinator(),
        forgetMember: () => this.forgetMember(),
      })
    } catch (error) {
      const code = kafkaErrorCode(error)
      if (code === kafkaErrors.unknownMember || code === kafkaErrors.fencedInstance) this.forgetMember()
      if (code !== kafkaErrors.rebalanceInProgress) this.forgetCoordinator()
      throw error
    }
  }

  /** Leaves the group, so that others needn't wait for the session to time out, and closes its connections. */
  async leave(): Promise<void> {
    if (this.memberId !== '') {
      // Best effort: if nobody hears it, the group notices when the session has timed out.
      await Promise.race([this.sendLeave().catch(() => {}), sleep(leaveMsMax, undefined, { ref: false })])
    }
    await closePool(this.pool)
  }

  /** Ends a join that waits for other members. */
  interrupt(): void {
    for (const [, connection] of this.pool) connection.socket?.destroy()
    this.forgetCoordinator()
  }

  private async sendJoin(connection: Connection) {
    const { group, topic, sessionTimeoutMs } = this.options
    const metadata = encodeConsumerProtocolSubscription({
      version: 0,
      topics: [topic],
      userData: Buffer.alloc(0),
    })
    const protocols = [{ name: protocolName, metadata }]
    const send = () =>
      joinGroupV9.api.async(
        connection,
        group,
        sessionTimeoutMs,
        limits.rebalanceMsMax,
        this.memberId,
        null,
        protocolType,
        protocols,
        null,
      )
    try {
      return await send()
    } catch (error) {
      // A newcomer is first told its id, and joins with it.
      if (kafkaErrorCode(error) !== kafkaErrors.memberIdRequired) throw error
      this.memberId = answerInside<{ memberId: string }>(error)?.memberId ?? ''
      return send()
    }
  }

  private deal(members: string[]): { memberId: string; assignment: Buffer }[] {
    const inOrder = [...members].sort()
    return inOrder.map((memberId, turn) => {
      const partitions: number[] = []
      for (let p = turn; p < this.options.partitions; p += inOrder.length) partitions.push(p)
      const assignedPartitions = [{ topic: this.options.topic, partitions }]
      return { memberId, assignment: encodeConsumerProtocolAssignment({ version: 0, assignedPartitions }) }
    })
  }

  private async sendLeave(): Promise<void> {
    const members = [{ memberId: this.memberId, groupInstanceId: null, reason: null }]
    await leaveGroupV5.api.async(await this.connectCoordinator(), this.options.group, members)
  }

  private async connectCoordinator(): Promise<Connection> {
    if (this.coordinator?.isConnected()) return this.coordinator
    this.coordinator = await this.pool.get(await this.options.cluster.coordinator(this.options.group))
    return this.coordinator
  }

  private forgetCoordinator(): void {
    this.coordinator = null
  }

  private forgetMember(): void {
    this.memberId = ''
  }
}

/** Whether joining again can't help: the group's or the broker's settings don't allow this member. */
export function isHopeless(error: unknown): boolean {
  const code = kafkaErrorCode(error)
  return (
    code === kafkaErrors.inconsistentGroupProtocol ||
    code === kafkaErrors.invalidGroupId ||
    code === kafkaErrors.invalidSessionTimeout ||
    code === kafkaErrors.topicAuthorizationFailed ||
    code === kafkaErrors.groupAuthorizationFailed ||
    code === kafkaErrors.groupMaxSizeReached
  )
}
