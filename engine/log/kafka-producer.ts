import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@sightline/protocol/limits'
import { type ConnectionPool, initProducerIdV5 } from '@platformatic/kafka'
import { ask, closePool, KafkaCluster } from '../kafka/kafka-cluster.ts'
import { kafkaErrors } from '../kafka/kafka-errors.ts'
import { Trouble } from '../trouble.ts'
import { PartitionQueue } from './kafka-partition-queue.ts'
import { produce, type ProduceResult } from './kafka-produce-request.ts'
import type { ProducerId, RecordBatch, RecordHeader, Settle } from './kafka-record-batch.ts'

/*
 * Idempotent producer over the low-level client: one request in flight per broker, which carries one batch per
 * partition. What becomes of a batch:
 *
 *   waiting ── freeze ──▶ frozen ── send ──▶ in flight ──▶ written, or given up for good: settled
 *                           ▲                    │
 *                           └── held ◀── failed, perhaps written: same bytes, same sequence, after a look at metadata
 *
 * When a batch is given up without knowing whether it was written, its sequence numbers can't be used again: a new
 * producer id is obtained before anything else is frozen.
 */

const requestMsMax = 10_000
const brokerMsMax = 8_000
const recoveryDelayMs = 150
const unknownOffset = -1
const recordOverheadBytes = 64

/** Errors after which the same batch may still be written, by this broker later or by another one. */
const retriable = new Set([2, 3, 5, 6, 7, 8, 9, 14, 15, 16, 19, 20, 56, 72, 74, 75, 100])

/** A record whose durability can't be said (`maybeWritten`), or that was surely not written. */
export class AppendError extends Error {
  readonly maybeWritten: boolean

  constructor(message: string, maybeWritten: boolean, cause: unknown) {
    super(message, { cause })
    this.name = 'AppendError'
    this.maybeWritten = maybeWritten
  }
}

export interface KafkaProducerOptions {
  brokers: string[]
  topic: string
  partitions: number
  clientId: string
  /** How long a record waits for company, ms. Default limits.logLingerUnwatchedMs. */
  lingerMs?: number
  pendingRecordsMax?: number
  pendingBytesMax?: number
  /** How long a record is tried, ms, before it fails. */
  deliveryMsMax?: number
  now?: () => number
  /** Told what has kept records from being written for some seconds. */
  warn?: (line: string) => void
}

export class KafkaProducer {
  lingerMs: number
  private readonly topic: string
  private readonly cluster: KafkaCluster
  private readonly pool: ConnectionPool
  private readonly queues: PartitionQueue[]
  private readonly busyNodes = new Set<number>()
  private readonly recordsMax: number
  private readonly bytesMax: number
  private readonly deliveryMsMax: number
  private readonly now: () => number
  private readonly trouble: Trouble
  private producer: ProducerId | null = null
  private state: 'open' | 'draining' | 'closed' = 'open'
  private closing: Promise<void> | null = null
  private recovering = false
  private lingerTimer: NodeJS.Timeout | null = null
  private pendingRecords = 0
  private pendingBytes = 0
  private whenDrained: (() => void) | null = null
  private recoveryError: unknown = null

  constructor(options: KafkaProducerOptions) {
    this.topic = options.topic
    this.lingerMs = options.lingerMs ?? limits.logLingerUnwatchedMs
    this.recordsMax = options.pendingRecordsMax ?? limits.pendingRecordsMax
    this.bytesMax = options.pendingBytesMax ?? limits.pendingBytesMax
    this.deliveryMsMax = options.deliveryMsMax ?? limits.deliveryMsMax
    this.now = options.now ?? Date.now
    this.trouble = new Trouble(options.warn ?? ((line) => process.emitWarning(line)))
    this.cluster = new KafkaCluster({ clientId: options.clientId, brokers: options.brokers })
    this.pool = this.cluster.newPool(requestMsMax, 1)
    this.queues = Array.from({ length: options.partitions }, (_, partition) => new PartitionQueue(partition))
  }

  /** Takes a record and copies it; see EventLog.append. The time given is the record's in Kafka, never restamped. */
  append(
    partition: number,
    key: Uint8Array,
    value: Uint8Array,
    timestampMs: number,
    settle: Settle,
    headers?: readonly RecordHeader[],
  ): boolean {
    const queue = this.queues[partition]
    if (queue === undefined) throw new RangeError(`there is no partition ${partition}`)
    const bytes = key.length + value.length
    if (
      this.state !== 'open' ||
      this.pendingRecords >= this.recordsMax ||
      this.pendingBytes + bytes > this.bytesMax
    ) {
      return false
    }
    this.pendingRecords++
    this.pendingBytes += bytes
    const batch = queue.open(bytes + recordOverheadBytes, limits.produceBatchBytesMax)
    batch.add(key, value, timestampMs, this.now(), settle, headers)
    if (this.lingerTimer === null) this.lingerTimer = setTimeout(this.afterLinger, this.lingerMs)
    return true
  }

  /** Records and bytes (of keys and values) that are not settled. */
  pending(): { records: number; bytes: number } {
    return { records: this.pendingRecords, bytes: this.pendingBytes }
  }

  /** Settles what is pending, or fails what isn't durable after limits.drainMsMax, then lets go of the brokers. */
  close(): Promise<void> {
    this.closing ??= this.drainAndClose()
    return this.closing
  }

  private async drainAndClose(): Promise<void> {
    this.state = 'draining'
    this.dispatch()
    if (this.pendingRecords > 0) {
      const patience = new AbortController()
      const drained = new Promise<void>((resolve) => {
        this.whenDrained = resolve
      })
      await Promise.race([drained, sleep(limits.drainMsMax, undefined, { signal: patience.signal })])
      patience.abort()
    }
    this.state = 'closed'
    if (this.lingerTimer !== null) clearTimeout(this.lingerTimer)
    for (const queue of this.queues) if (!queue.inFlight) this.giveUp(queue, Infinity, 'the log was closed')
    await closePool(this.pool)
    // Normally the closed connections have failed these by now.
    for (const queue of this.queues) this.giveUp(queue, Infinity, 'the log was closed')
    await this.cluster.close()
  }

  private readonly afterLinger = (): void => {
    this.lingerTimer = null
    this.dispatch()
  }

  /** Sends to every broker that isn't busy what waits for it. */
  private dispatch(): void {
    if (this.state === 'closed') return
    const byLeader = new Map<number, PartitionQueue[]>()
    for (const queue of this.queues) {
      if (!queue.hasWork || queue.inFlight || queue.held || queue.leader < 0) continue
      if (this.busyNodes.has(queue.leader)) continue
      if (this.producer !== null) queue.freeze(this.producer)
      if (queue.frozen === null) continue
      const others = byLeader.get(queue.leader)
      if (others === undefined) byLeader.set(queue.leader, [queue])
      // A batch frozen under an earlier producer id goes alone with its kind.
      else if (others[0].frozen?.sealed?.producer === queue.frozen.sealed?.producer) others.push(queue)
    }
    for (const [node, queues] of byLeader) this.send(node, queues)
    if (this.needsRecovery()) void this.recover()
  }

  private send(node: number, queues: PartitionQueue[]): void {
    this.busyNodes.add(node)
    for (const queue of queues) queue.inFlight = true
    const batches = queues.map((queue) => ({
      partition: queue.partition,
      batch: queue.frozen as RecordBatch,
    }))
    this.cluster.connect(this.pool, node).then(
      (connection) =>
        produce(connection, this.topic, batches, brokerMsMax, (results, error) =>
          this.answered(node, queues, results, error),
        ),
      (error: Error) => this.answered(node, queues, null, error),
    )
  }

  private answered(
    node: number,
    queues: PartitionQueue[],
    results: Map<number, ProduceResult> | null,
    error: Error | null,
  ): void {
    this.busyNodes.delete(node)
    for (const queue of queues) {
      queue.inFlight = false
      const result = results?.get(queue.partition)
      if (result?.errorCode === 0) this.settleWritten(queue, result.baseOffset)
      else if (result?.errorCode === kafkaErrors.duplicateSequence) this.settleWritten(queue, unknownOffset)
      else this.judgeFailure(queue, result ? result.errorCode : null, error)
    }
    if (this.lingerTimer === null || this.state !== 'open') this.dispatch()
    else if (this.needsRecovery()) void this.recover()
  }

  /** `code` null: the broker did not answer, the batch may be written or not. */
  private judgeFailure(queue: PartitionQueue, code: number | null, error: Error | null): void {
    const reason = code === null ? error : new Error(`Kafka answered with error ${code}`, { cause: error })
    if (queue.frozen !== null) queue.frozen.lastError = reason
    if (this.state === 'closed') return this.giveUp(queue, Infinity, 'the log was closed')
    if (code === null || retriable.has(code)) queue.held = true
    else this.fail(queue, `partition ${queue.partition} was not written`)
  }

  private settleWritten(queue: PartitionQueue, baseOffset: number): void {
    const batch = queue.takeFrozen()
    if (batch === null) return
    this.forget(batch)
    this.trouble.over()
    const { settles } = batch
    queue.reuse(batch)
    for (let i = 0; i < settles.length; i++) {
      settles[i](null, baseOffset === unknownOffset ? unknownOffset : baseOffset + i)
    }
    this.noteDrained()
  }

  /** Gives the frozen batch up. Whether it was written isn't known, so its sequence numbers are spent. */
  private fail(queue: PartitionQueue, message: string): void {
    const batch = queue.takeFrozen()
    if (batch === null) return
    this.producer = null
    queue.held = false
    this.settleFailed(batch, new AppendError(message, true, batch.lastError ?? this.recoveryError))
  }

  private settleFailed(batch: RecordBatch, error: AppendError): void {
    this.forget(batch)
    for (const settle of batch.settles) settle(error, unknownOffset)
    this.noteDrained()
  }

  private forget(batch: RecordBatch): void {
    this.pendingRecords -= batch.count
    this.pendingBytes -= batch.keyAndValueBytes
  }

  private noteDrained(): void {
    if (this.pendingRecords === 0) this.whenDrained?.()
  }

  /** Fails everything of a partition, not in flight, that was begun before that time. */
  private giveUp(queue: PartitionQueue, beforeMs: number, message: string): void {
    if (queue.frozen !== null && queue.frozen.openedAtMs < beforeMs) this.fail(queue, message)
    for (const batch of queue.takeWaitingSince(beforeMs)) {
      this.settleFailed(batch, new AppendError(message, false, this.recoveryError))
    }
  }

  private needsRecovery(): boolean {
    if (this.state === 'closed') return false
    return this.queues.some(
      (queue) => queue.held || (queue.hasWork && (this.producer === null || queue.leader < 0)),
    )
  }

  /** Looks leaders up and obtains a producer id until all that waits can be sent again. One such loop at a time. */
  private async recover(): Promise<void> {
    if (this.recovering) return
    this.recovering = true
    let first = this.queues.every((queue) => queue.leader < 0)
    while (this.needsRecovery()) {
      // Nothing has failed yet when no leader was ever known: the first look needs no pause.
      if (!first) await sleep(recoveryDelayMs)
      first = false
      try {
        await this.lookUp()
        this.recoveryError = null
        for (const queue of this.queues) queue.held = false
      } catch (error) {
        this.recoveryError = error
      }
      const reason =
        this.recoveryError ?? this.queues.find((queue) => queue.frozen?.lastError)?.frozen?.lastError
      if (reason) this.trouble.failed(`appending to ${this.topic} waits for Kafka`, reason)
      this.expire()
      this.dispatch()
    }
    this.recovering = false
  }

  private async lookUp(): Promise<void> {
    const { leaders } = await this.cluster.layout(this.topic)
    for (const queue of this.queues) queue.leader = leaders[queue.partition] ?? -1
    this.producer ??= await this.cluster.fromAnyBroker(this.pool, async (connection) => {
      const answer = await ask(initProducerIdV5.api, connection, null, 0, -1n, -1)
      if (answer.errorCode !== 0) throw new Error(`Kafka gives no producer id (error ${answer.errorCode})`)
      return { id: answer.producerId, epoch: answer.producerEpoch }
    })
  }

  private expire(): void {
    const beforeMs = this.now() - this.deliveryMsMax
    for (const queue of this.queues) {
      if (!queue.inFlight) this.giveUp(queue, beforeMs, `not durable within ${this.deliveryMsMax} ms`)
    }
  }
}
