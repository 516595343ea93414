import { FoldInput } from '@sightline/aggregates/fold-input'
import { PartitionDraft } from '@sightline/aggregates/partition-draft'
import type { PartitionMemory } from '@sightline/aggregates/partition-memory'
import type { PartitionState } from '@sightline/aggregates/partition-state'
import type { Commit } from '@sightline/engine/store/live-store'
import { BatchDecoder } from '@sightline/protocol/batch-decoder'
import { limits } from '@sightline/protocol/limits'

/** What a take-over found. */
export interface OwnedFrom {
  partition: number
  epoch: number
  /** The store's next offset. */
  next: number
  /** Where the oldest commit that the store still holds begins. */
  heldFrom: number
  /** When it was taken over, monotonic ms. */
  atMs: number
}

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
  /** Offsets at which commits began in the resume window, and one from before it. */
  private readonly recent: { next: number; atMs: number }[]

  constructor(from: OwnedFrom, memory: PartitionMemory, state: PartitionState) {
    this.partition = from.partition
    this.epoch = from.epoch
    this.next = from.next
    this.memory = memory
    this.state = state
    // How old the commits are that were found can't be told: they all stay for one window.
    this.recent = [{ next: from.heldFrom, atMs: from.atMs }]
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
    const { recent } = this
    recent.push({ next: this.next, atMs: nowMs })
    while (recent.length > 1 && nowMs - recent[1].atMs > limits.resumeWindowMs) recent.shift()
    if (recent.length > recentMax) recent.shift()
    return Math.min(this.oldestDirty() ?? this.next, recent[0].next)
  }

  private oldestDirty(): number | null {
    const ofState = this.state.oldestDirty()
    const ofMemory = this.memory.oldestDirty()
    if (ofState === null) return ofMemory
    return ofMemory === null ? ofState : Math.min(ofState, ofMemory)
  }
}

/** One per commit of the resume window, at the fastest rate of commits. */
const recentMax = Math.ceil(limits.resumeWindowMs / limits.commitIntervalMs)
