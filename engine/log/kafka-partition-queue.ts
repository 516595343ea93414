import { RecordBatch, type ProducerId } from './kafka-record-batch.ts'

const spareCapacityBytesMax = 262_144
const sequenceSpace = 0x8000_0000

/** The records that wait for one partition: batches being filled, and at most one that is frozen and on its way. */
export class PartitionQueue {
  readonly partition: number
  /** Node id of the partition's leader, -1 while there is none. */
  leader = -1
  /** The batch that is to be written next; its bytes and sequence don't change until the broker has judged it. */
  frozen: RecordBatch | null = null
  /** A request with the frozen batch is out. */
  inFlight = false
  /** The last attempt failed: not sent again before leaders have been looked up anew. */
  held = false
  private readonly waiting: RecordBatch[] = []
  private readonly spare: RecordBatch[] = []
  private sequence = 0
  /** The producer id under which `sequence` counts. */
  private sequenceOf: ProducerId | null = null

  constructor(partition: number) {
    this.partition = partition
  }

  get hasWork(): boolean {
    return this.frozen !== null || this.waiting.length > 0
  }

  /** The batch to which the next record of that size goes. */
  open(recordBytes: number, batchBytesMax: number): RecordBatch {
    const last = this.waiting.at(-1)
    if (last !== undefined && last.bytes + recordBytes <= batchBytesMax) return last
    const batch = this.spare.pop() ?? new RecordBatch()
    this.waiting.push(batch)
    return batch
  }

  /** Freezes the oldest waiting batch, under a sequence number of its own. Nothing happens when none waits. */
  freeze(producer: ProducerId): void {
    if (this.frozen !== null) return
    const batch = this.waiting.shift()
    if (batch === undefined) return
    if (this.sequenceOf !== producer) {
      this.sequenceOf = producer
      this.sequence = 0
    }
    batch.seal(producer, this.sequence)
    this.sequence = (this.sequence + batch.count) % sequenceSpace
    this.frozen = batch
  }

  /** Takes the frozen batch away, after the broker's last word on it or when it is given up. */
  takeFrozen(): RecordBatch | null {
    const batch = this.frozen
    this.frozen = null
    return batch
  }

  /** Takes away batches that were never sent and were begun before that time. */
  takeWaitingSince(beforeMs: number): RecordBatch[] {
    const taken: RecordBatch[] = []
    while (this.waiting.length > 0 && this.waiting[0].openedAtMs < beforeMs)
      taken.push(this.waiting.shift() as RecordBatch)
    return taken
  }

  /** Gives a settled batch's memory back for later records. */
  reuse(batch: RecordBatch): void {
    if (this.spare.length >= 2 || batch.capacityBytes > spareCapacityBytesMax) return
    batch.clear()
    this.spare.push(batch)
  }
}
