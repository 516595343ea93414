import { encodeFrame, type FrameHeader, type LayoutName } from '@sightline/protocol/live-frames'
import { limits } from '@sightline/protocol/limits'
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

/**
 * One view and everyone who looks at it. A frame is encoded once for all viewers who have seen the one before; who fell
 * behind gets a conflated frame of its own: all slices, which are absolute, and a count of the points it missed.
 */
export class View {
  readonly key: ViewKey
  readonly points = new PointBuffer()
  /** 1 = all points of the commits since the last frame came. */
  sampledOneIn = 1
  private readonly viewers = new Set<Viewer>()
  private readonly slices: Slices
  private readonly position: () => Position
  private sequence = 0
  private cursor: string | null = null
  private sentMs = 0

  constructor(key: ViewKey, slices: Slices, position: () => Position) {
    this.key = key
    this.slices = slices
    this.position = position
  }

  get viewerCount(): number {
    return this.viewers.size
  }

  /** Adds a viewer with a snapshot, which tells a gap when there is one. */
  join(viewer: Viewer, nowMs: number, gap?: FrameHeader['gap']): void {
    this.viewers.add(viewer)
    const { cursor } = this.position()
    this.sendAlone(viewer, nowMs, { type: 'snapshot', from: null, to: cursor, ...(gap === undefined ? {} : { gap }) }, null)
  }

  /** Adds a viewer that resumes: `missed` are the points since its cursor. */
  resume(viewer: Viewer, nowMs: number, from: string, missed: PointBuffer): void {
    this.viewers.add(viewer)
    this.sendAlone(viewer, nowMs, { type: 'delta', from, to: this.position().cursor }, missed)
  }

  leave(viewer: Viewer): void {
    this.viewers.delete(viewer)
  }

  /** After a rollback of the store: what was shown may not be so any more. */
  restart(nowMs: number, gap: FrameHeader['gap']): void {
    this.points.clear()
    this.cursor = null
    for (const viewer of [...this.viewers]) this.join(viewer, nowMs, gap)
  }

  /** Sends a frame when something changed and the last one is at least 16 ms old. */
  tick(nowMs: number): void {
    if (this.viewers.size === 0 || nowMs - this.sentMs < limits.viewerFrameMsMin) return
    const { cursor } = this.position()
    const slices = this.slices.due(nowMs)
    if (this.points.count === 0 && slices === null && cursor === this.cursor) return
    const from = this.cursor
    const header = this.header(nowMs, { type: 'delta', from, to: cursor }, this.points, this.points.dropped)
    const frame = encodeFrame({ ...header, ...slices }, this.points.columns(nowMs))
    for (const viewer of [...this.viewers]) {
      if (viewer.paused) continue
      if (viewer.mustClose(nowMs)) {
        viewer.closeSlow()
        this.viewers.delete(viewer)
      } else if (!viewer.isReady(nowMs)) {
        viewer.behind = true
        viewer.skippedPoints += this.points.count
      } else if (viewer.behind || viewer.cursor !== from) {
        this.sendAlone(viewer, nowMs, { type: 'delta', from: viewer.cursor, to: cursor }, this.points)
      } else viewer.send(frame, header.sequence, cursor)
    }
    this.cursor = cursor
    this.sentMs = nowMs
    this.points.clear()
  }

  private sendAlone(
    viewer: Viewer,
    nowMs: number,
    kind: Pick<FrameHeader, 'type' | 'from' | 'to' | 'gap'>,
    points: PointBuffer | null,
  ): void {
    const sent = points ?? noPoints
    const skipped = viewer.skippedPoints + sent.dropped
    const header = { ...this.header(nowMs, kind, sent, skipped), ...this.slices.all(nowMs) }
    viewer.send(encodeFrame(header, sent.columns(nowMs)), header.sequence, kind.to)
  }

  private header(
    nowMs: number,
    kind: Pick<FrameHeader, 'type' | 'from' | 'to' | 'gap'>,
    points: PointBuffer,
    skippedPoints: number,
  ): FrameHeader {
    this.sequence++
    return {
      ...kind,
      sequence: this.sequence,
      atMs: nowMs,
      newestRecordMs: this.position().newestRecordMs,
      pointPages: points.pages,
      points: points.count,
      sampledOneIn: this.sampledOneIn,
      skippedPoints,
    }
  }
}

const noPoints = new PointBuffer()
