import { encodeFrame, type FrameHeader, type LayoutName } from '@sightline/protocol/live-frames'
import { limits } from '@sightline/protocol/limits'
import type { Clock } from './clock.ts'
import { PointBuffer } from './point-buffer.ts'
import type { Slices } from './slices.ts'
import type { Viewer } from './viewer.ts'

/** What a viewer looks at. */
export interface ViewKey {
  site: number
  page: string | null
  layout: LayoutName | null
}

/** Where the server stands, asked when a frame is made. */
export interface Position {
  cursor: string
  newestRecordMs: number
}

export interface ViewDependencies {
  slices: Slices
  clock: Clock
  position(): Position
  /** Told of each frame that leaves, for the stage's own figures. */
  onSent(): void
  /** Told of each viewer that was too slow. */
  onSlow(): void
}

type Kind = Pick<FrameHeader, 'type' | 'from' | 'to' | 'gap'>

/**
 * One view and everyone who looks at it. A frame is encoded once for all viewers who have seen the one before; who fell
 * behind gets a conflated frame of its own: all slices, which are absolute, and a count of the points it missed.
 */
export class View {
  readonly key: ViewKey
  /** Points of the commits since the last frame. */
  readonly points = new PointBuffer()
  private readonly dependencies: ViewDependencies
  private readonly viewers = new Set<Viewer>()
  private sequence = 0
  /** `to` of the last frame for all. */
  private cursor: string
  private sentMs = -Infinity
  private owing = false

  constructor(key: ViewKey, dependencies: ViewDependencies) {
    this.key = key
    this.dependencies = dependencies
    this.cursor = dependencies.position().cursor
  }

  get viewerCount(): number {
    return this.viewers.size
  }

  /** Adds a viewer with a snapshot, which tells a gap when there is one. */
  join(viewer: Viewer, gap?: FrameHeader['gap']): void {
    this.catchUp()
    this.viewers.add(viewer)
    viewer.debt = { kind: 'snapshot', gap }
    this.sendAlone(viewer, noPoints)
  }

  /** Adds a viewer that resumes: `missed` are the points from its cursor to the present. */
  resume(viewer: Viewer, from: string, missed: PointBuffer): void {
    this.catchUp()
    this.viewers.add(viewer)
    viewer.cursor = from
    viewer.debt = { kind: 'slices' }
    this.sendAlone(viewer, missed)
  }

  leave(viewer: Viewer): void {
    this.viewers.delete(viewer)
  }

  /** After a rollback of the store: what was shown may not be so any more. All begin anew with the next frame. */
  restart(gap: FrameHeader['gap']): void {
    this.points.clear()
    for (const viewer of this.viewers) viewer.debt = { kind: 'snapshot', gap }
    this.owing = true
  }

  /**
   * Sends a frame when there is something new and the last one is old enough, and one without anything new once a
   * second. Answers in how many ms to ask again when it was too early, else 0.
   */
  tick(): number {
    const { slices, clock, position } = this.dependencies
    const nowMs = clock.monotonicMs()
    const sinceMs = nowMs - this.sentMs
    if (this.viewers.size > 0 && sinceMs < limits.viewerFrameMsMin) return limits.viewerFrameMsMin - sinceMs
    const changed = this.viewers.size > 0 ? slices.due() : null
    const { cursor } = position()
    if (this.viewers.size === 0) {
      // Nobody looks: whoever comes begins at the present.
      this.points.clear()
      this.cursor = cursor
      return 0
    }
    const something = this.points.count > 0 || changed !== null || this.owing
    if (something || sinceMs >= limits.viewerFrameMsMax) this.send(changed ?? {}, cursor, nowMs)
    return 0
  }

  /** Before somebody is added: so that all stand at the same place, which is the present. */
  private catchUp(): void {
    const changed = this.dependencies.slices.due()
    const { cursor } = this.dependencies.position()
    if (this.viewers.size > 0 && (this.points.count > 0 || changed !== null || cursor !== this.cursor)) {
      this.send(changed ?? {}, cursor, this.dependencies.clock.monotonicMs())
    } else {
      this.points.clear()
      this.cursor = cursor
    }
  }

  private send(changed: Partial<FrameHeader>, cursor: string, nowMs: number): void {
    const header = {
      ...this.header({ type: 'delta', from: this.cursor, to: cursor }, this.points),
      ...changed,
    }
    let encoded: Uint8Array | null = null
    const before = this.cursor
    this.cursor = cursor
    this.owing = false
    for (const viewer of [...this.viewers]) {
      const readiness = viewer.readiness(nowMs)
      if (readiness === 'gone') this.close(viewer)
      else if (readiness === 'slow') {
        viewer.skip(this.points.count + this.points.dropped)
        this.owing ||= viewer.debt?.kind === 'snapshot'
      } else if (viewer.debt !== null || viewer.cursor !== before) this.sendAlone(viewer, this.points)
      else {
        encoded ??= encodeFrame(header, this.points.columns(header.atMs))
        viewer.send(encoded, header.sequence, cursor)
        this.dependencies.onSent()
      }
    }
    this.sentMs = nowMs
    this.points.clear()
  }

  private close(viewer: Viewer): void {
    viewer.closeSlow()
    this.viewers.delete(viewer)
    this.dependencies.onSlow()
  }

  /** A frame for one viewer: all slices, as the frames for all have told them. */
  private sendAlone(viewer: Viewer, points: PointBuffer): void {
    const { debt } = viewer
    const to = this.cursor
    const kind: Kind =
      debt?.kind === 'snapshot'
        ? { type: 'snapshot', from: null, to, ...(debt.gap === undefined ? {} : { gap: debt.gap }) }
        : { type: 'delta', from: viewer.cursor, to }
    const header = { ...this.header(kind, points), ...this.dependencies.slices.whole() }
    header.skippedPoints += viewer.skippedPoints
    viewer.send(encodeFrame(header, points.columns(header.atMs)), header.sequence, to)
    this.dependencies.onSent()
  }

  private header(kind: Kind, points: PointBuffer): FrameHeader {
    this.sequence++
    return {
      ...kind,
      sequence: this.sequence,
      atMs: this.dependencies.clock.now(),
      newestRecordMs: this.dependencies.position().newestRecordMs,
      pointPages: points.pages,
      points: points.count,
      sampledOneIn: points.sampledOneIn,
      skippedPoints: points.dropped,
    }
  }
}

const noPoints = new PointBuffer()
