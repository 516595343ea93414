import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@sightline/protocol/limits'
import type { ConnectionPool } from '@platformatic/kafka'
import { closePool, isAuthorization, KafkaCluster, type TopicLayout } from '../kafka/kafka-cluster.ts'
import { kafkaErrors, LogRecreatedError } from '../kafka/kafka-errors.ts'
import type { ConsumeOptions } from './event-log.ts'
import { type Fetched, type FetchPace, fetchPartitions, offsetAfter, recordsFrom } from './kafka-fetch.ts'

const answerMsMax = 10_000
const relocateMs = 200
/** A fetch that leaves out partitions whose handler is at work comes back soon, so that they are asked for again. */
const shortWaitMs = 10
const authorizationErrors: ReadonlySet<number> = new Set([kafkaErrors.topicAuthorizationFailed])

export type RecordHandlers = Pick<ConsumeOptions, 'onRecords' | 'onOutOfRange'>

export interface KafkaFetcherOptions {
  cluster: KafkaCluster
  topic: string
  /** Id and leaders at the start; another id later is an error. */
  layout: TopicLayout
  handlers: RecordHandlers
  pace: () => FetchPace
  /** Told once when reading can't go on. */
  onFailure(error: unknown): void
}

/**
 * Where a partition is read at present.
 *   reading: asked for with the next fetch · handling: the handler's promise is awaited, nothing is asked for
 *   stopped: until it is sought
 */
interface Position {
  readonly partition: number
  offset: number
  state: 'reading' | 'handling' | 'stopped'
  /** Counts seeks: what was asked for before one is thrown away when it arrives. */
  seeks: number
  /** The handler's work, never rejecting. */
  work: Promise<void>
}

/** Reads partitions from explicit offsets: one fetch at a time per broker, for all of its partitions that are ready. */
export class KafkaFetcher {
  private readonly options: KafkaFetcherOptions
  private readonly pool: ConnectionPool
  private readonly positions = new Map<number, Position>()
  private readonly loops = new Set<number>()
  private leaders: number[]
  private relocation: Promise<void> | null = null
  private closed = false

  constructor(options: KafkaFetcherOptions) {
    this.options = options
    this.leaders = options.layout.leaders
    this.pool = options.cluster.newPool(answerMsMax)
  }

  /** Starts reading; a partition without an offset stays stopped until it is sought. */
  assign(partitions: number[], offsets: Map<number, number>): void {
    for (const partition of partitions) {
      const offset = offsets.get(partition)
      const state = offset === undefined ? 'stopped' : 'reading'
      this.positions.set(partition, {
        partition,
        offset: offset ?? 0,
        state,
        seeks: 0,
        work: Promise.resolve(),
      })
    }
    this.wake()
  }

  /** Stops reading everything; resolves when no handler is at work any more. */
  async release(): Promise<void> {
    const work = [...this.positions.values()].map((position) => position.work)
    this.positions.clear()
    await Promise.all(work)
  }

  /** Reads a partition on at another offset, as soon as its handler has finished. */
  seek(partition: number, offset: number): void {
    const position = this.positions.get(partition)
    if (position === undefined) return
    position.offset = offset
    position.seeks++
    if (position.state === 'stopped') position.state = 'reading'
    this.wake()
  }

  async close(): Promise<void> {
    this.closed = true
    await this.release()
    await closePool(this.pool)
  }

  /** Starts a loop for each broker that leads a ready partition and has none. */
  private wake(): void {
    if (this.closed) return
    for (const position of this.positions.values()) {
      if (position.state !== 'reading') continue
      const node = this.leaders[position.partition] ?? -1
      if (node < 0) void this.relocate()
      else if (!this.loops.has(node)) void this.loop(node)
    }
  }

  private async loop(node: number): Promise<void> {
    this.loops.add(node)
    for (;;) {
      const led = [...this.positions.values()].filter((one) => this.leaders[one.partition] === node)
      const ready = led.filter((one) => one.state === 'reading')
      if (ready.length === 0 || this.closed) break
      const handling = led.some((one) => one.state === 'handling')
      try {
        await this.fetch(node, ready, handling)
      } catch (error) {
        if (isAuthorization(error)) this.fail(error)
        await this.relocate()
      }
    }
    this.loops.delete(node)
    // Leaders may have moved while this loop ran.
    this.wake()
  }

  /** One round trip. Throws when there was no answer; looks for new leaders when a partition says so. */
  private async fetch(node: number, ready: Position[], othersHandling: boolean): Promise<void> {
    const asked = ready.map((position) => ({
      position,
      seeks: position.seeks,
      partition: position.partition,
      offset: position.offset,
    }))
    const pace = this.options.pace()
    const connection = await this.options.cluster.connect(this.pool, node)
    const answer = await fetchPartitions(
      connection,
      this.options.layout.id,
      asked,
      othersHandling ? { bytesMin: pace.bytesMin, waitMs: Math.min(shortWaitMs, pace.waitMs) } : pace,
      { bytesMax: limits.fetchBytesMax, partitionBytesMax: limits.fetchPartitionBytesMax },
    )
    let misplaced = answer.errorCode !== 0
    for (const part of answer.partitions) {
      const question = asked.find((one) => one.partition === part.partition)
      if (question === undefined || !this.stillAsks(question)) continue
      if (part.errorCode === 0) this.deliver(question.position, part)
      else if (part.errorCode === kafkaErrors.offsetOutOfRange) this.askWhereToGoOn(question.position)
      else if (authorizationErrors.has(part.errorCode))
        this.fail(new Error(`Kafka refuses to read ${this.options.topic}`))
      else misplaced = true
    }
    if (misplaced) await this.relocate()
  }

  /** Whether an answer still fits: not revoked, sought or delivered by another broker meanwhile. */
  private stillAsks(question: { position: Position; seeks: number; offset: number }): boolean {
    const { position } = question
    return (
      this.positions.get(position.partition) === position &&
      position.state === 'reading' &&
      position.seeks === question.seeks &&
      position.offset === question.offset
    )
  }

  private deliver(position: Position, part: Fetched): void {
    if (part.batches.length === 0) return
    const records = recordsFrom(part.batches, position.offset)
    position.offset = Math.max(position.offset, offsetAfter(part.batches))
    if (records.length === 0) return
    try {
      const work = this.options.handlers.onRecords(position.partition, records, part.endOffset)
      if (work !== undefined)
        this.hold(
          position,
          work.then(() => true),
        )
    } catch (error) {
      this.stopFailed(position, error)
    }
  }

  /** Out of range: the broker doesn't say what it holds instead, so it is asked. */
  private askWhereToGoOn(position: Position): void {
    const { seeks, offset: wanted, partition } = position
    const answered = async (): Promise<boolean> => {
      const { start, end } = await this.bounds(partition)
      // A leader that has just taken over may not know its end yet: the offset is in range after all.
      if (wanted >= start && wanted <= end) return sleep(relocateMs, true)
      const goOn = await this.options.handlers.onOutOfRange(partition, wanted, start, end)
      if (position.seeks !== seeks) return true
      if (goOn === undefined) return false
      position.offset = goOn
      return true
    }
    this.hold(position, answered())
  }

  private async bounds(partition: number): Promise<{ start: number; end: number }> {
    for (;;) {
      try {
        return await this.options.cluster.bounds(this.options.topic, partition)
      } catch (error) {
        if (this.closed || isAuthorization(error)) throw error
        await sleep(relocateMs)
      }
    }
  }

  /** Reads the partition no further until the work is done; on with `true`, stopped with `false`. */
  private hold(position: Position, work: Promise<boolean>): void {
    position.state = 'handling'
    const { seeks } = position
    position.work = work.then(
      (goOn) => {
        position.state = goOn || position.seeks !== seeks ? 'reading' : 'stopped'
        this.wake()
      },
      (error: unknown) => this.stopFailed(position, error),
    )
  }

  private stopFailed(position: Position, error: unknown): void {
    position.state = 'stopped'
    this.fail(error)
  }

  private fail(error: unknown): void {
    if (!this.closed) this.options.onFailure(error)
  }

  /** Waits a moment and looks up who leads what; however many ask, one look at a time. */
  private relocate(): Promise<void> {
    this.relocation ??= this.lookUpLeaders().finally(() => {
      this.relocation = null
      this.wake()
    })
    return this.relocation
  }

  private async lookUpLeaders(): Promise<void> {
    await sleep(relocateMs)
    if (this.closed) return
    const { topic, layout, cluster } = this.options
    const now = await cluster.layout(topic).catch((error: unknown) => {
      if (isAuthorization(error)) this.fail(error)
      return null // no broker answers: the next fetch fails too and asks again
    })
    if (now === null) return
    if (now.id !== layout.id) this.fail(new LogRecreatedError(topic, layout.id, now.id))
    else this.leaders = now.leaders
  }
}
