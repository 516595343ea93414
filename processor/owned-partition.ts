import { FoldInput } from '@sightline/aggregates/fold-input'
import { PartitionDraft } from '@sightline/aggregates/partition-draft'
import type { PartitionMemory } from '@sightline/aggregates/partition-memory'
import type { PartitionState } from '@sightline/aggregates/partition-state'
import type { Commit } from '@sightline/engine/store/live-store'
import { BatchDecoder } from '@sightline/protocol/batch-decoder'
import { limits } from '@sightline/protocol/limits'

/** All that an owner knows of its partition. Lost ownership or a failed commit throws it away whole. */
export class OwnedPartition {
  readonly partition: number
  readonly epoch: number
  /** The store's next offset: everything before it is committed. */
  next: number
  /** What only the owner needs: duplicate windows, watermark. */
  readonly memory: PartitionMemory
  /** What viewers see too. */
  readonly state: PartitionState
  /** What the coming commit will change. */
  readonly draft = new PartitionDraft()
  readonly input = new FoldInput()
  readonly decoder = new BatchDecoder()
  private readonly recentNexts: { next: number; atMs: number }[] = []

  constructor(partition: number, epoch: number, next: number, memory: PartitionMemory, state: PartitionState) {
    this.partition = partition
    this.epoch = epoch
    this.next = next
    this.memory = memory
    this.state = state
  }

  /** Whether blobs don't yet hold all that is committed. */
  isDirty(): boolean {
    return this.oldestDirty() !== null
  }

  /** Makes the commit out of what was folded and takes it into the state. The draft is empty afterwards. */
  seal(next: number, nowMs: number): Commit {
    const first = this.next
    const publicDelta = this.draft.encode(this.memory.watermark.ms)
    const privatePart = this.memory.encodeChanges(first, next)
    this.state.apply(publicDelta, first, next)
    this.draft.clear()
    return { first, next, publicDelta, privatePart, floor: this.floor(nowMs) }
  }

  /**
   * Commits up to here may be trimmed: blobs hold them, and they are older than the window in which viewers resume.
   */
  private floor(nowMs: number): number {
    this.recentNexts.push({ next: this.next, atMs: nowMs })
    while (this.recentNexts.length > 1 && nowMs - this.recentNexts[1].atMs > limits.resumeWindowMs) this.recentNexts.shift()
    if (this.recentNexts.length > recentNextsMax) this.recentNexts.shift()
    return Math.min(this.oldestDirty() ?? this.next, this.recentNexts[0].next)
  }

  private oldestDirty(): number | null {
    const ofState = this.state.oldestDirty()
    const ofMemory = this.memory.oldestDirty()
    if (ofState === null) return ofMemory
    return ofMemory === null ? ofState : Math.min(ofState, ofMemory)
  }
}

/** One per commit of the resume window, at the fastest rate of commits. */
const recentNextsMax = Math.ceil(limits.resumeWindowMs / limits.commitIntervalMs)
