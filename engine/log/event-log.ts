/**
 * The event log: one record per batch, in partitions that keep their order. Implementations: kafka-event-log.ts and
 * embedded-event-log.ts; event-log.contract.ts is the suite that both pass.
 */
export interface EventLog {
  /** Number of partitions, fixed for the life of the log. */
  readonly partitions: number

  /** What tells this log from a recreated one: Kafka's topic id, or the database's own id. */
  identity(): Promise<string>

  /**
   * Appends one record. `settle` is called once: with an offset when the record is durable (-1 when it is durable and
   * the offset isn't known), or with an error when that can't be said; the record may then still be in the log.
   * Returns false, and does not take the record, when pending records or bytes are at their limit.
   * `value` and `key` must not be changed until settled.
   */
  append(
    partition: number,
    key: Uint8Array,
    value: Uint8Array,
    timestampMs: number,
    settle: (error: Error | null, offset: number) => void,
  ): boolean

  /** First offset still held and the offset that the next record will get. */
  bounds(partition: number): Promise<{ start: number; end: number }>

  /** Joins the group and consumes what it is assigned, from the offsets that `onAssign` returns, until stopped. */
  consume(options: ConsumeOptions): Promise<Consumption>

  /** Pending records and bytes at present, for back-pressure and presence. */
  pending(): { records: number; bytes: number }

  /** Settles or fails what is pending, then releases all resources. */
  close(): Promise<void>
}

export interface ConsumeOptions {
  group: string
  /** Stable name of this member; appears in the broker's own tools. */
  member: string
  /** ms without heartbeat after which the group gives the partitions away. Default 6,000. */
  sessionTimeoutMs?: number
  /** Claims and loads the partitions; answers from which offset each is to be read. Awaited. */
  onAssign(partitions: number[]): Promise<Map<number, number>>
  /** Awaited before the partitions go to another member; `lost` = they already went. */
  onRevoke(partitions: number[], lost: boolean): Promise<void>
  /**
   * Records in order. A returned promise is back-pressure: the partition is not read further until it resolves. A
   * rejection stops the partition and is reported by `Consumption.failed`. Arrays and buffers may be views that are
   * only valid until the handler's promise (or the synchronous call) has ended.
   */
  onRecords(partition: number, records: LogRecord[], endOffset: number): Promise<void> | undefined
  /** The wanted offset is not in the log any more (or not yet): answers where to go on, or undefined to stop there. */
  onOutOfRange(partition: number, wanted: number, start: number, end: number): Promise<number | undefined>
}

export interface LogRecord {
  offset: number
  /** ms since the epoch: when the gateway received it. */
  timestampMs: number
  key: Uint8Array
  value: Uint8Array
}

export interface Consumption {
  /** Goes on reading the partition at another offset, after a reload of its state. */
  seek(partition: number, offset: number): void
  /** Partitions owned at present. */
  assigned(): number[]
  /** Records the group's position for lag tools. Never used for seeking. */
  recordPosition(positions: Map<number, number>): Promise<void>
  /** Rejects when the consumption can't go on (log recreated, handler failed); resolves after stop(). */
  readonly ended: Promise<void>
  /** Drains (onRevoke), leaves the group. */
  stop(): Promise<void>
}

/** A record of a side topic (dead letters), durable when resolved. */
export interface DeadLetter {
  partition: number
  offset: number
  reason: string
  timestampMs: number
  key: Uint8Array
  value: Uint8Array
}

/** Dead letters live beside the log, keyed by partition and offset, so that a repeat is harmless. */
export interface DeadLetterQueue {
  put(letters: DeadLetter[]): Promise<void>
  /** Newest last, at most `limit`. */
  list(limit: number): Promise<DeadLetter[]>
  close(): Promise<void>
}

/** FNV-1a over the key's bytes, modulo the partitions: a pure function of the record. */
export function partitionOf(key: Uint8Array, start: number, length: number, partitions: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ key[i], 0x01000193)
  return (hash >>> 0) % partitions
}
