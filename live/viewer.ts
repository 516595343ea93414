import { closures } from '@sightline/protocol/errors'
import type { FrameHeader } from '@sightline/protocol/live-frames'
import { limits } from '@sightline/protocol/limits'

/** What a viewer needs of its socket; `ws` fits. */
export interface ViewerSocket {
  /** Bytes given to send() that the kernel has not taken yet. */
  readonly bufferedAmount: number
  send(bytes: Uint8Array): void
  close(code: number, reason: string): void
}

/** Whether a frame may go out now, must wait (and is then conflated with the next), or nothing more will. */
export type Readiness = 'ready' | 'slow' | 'gone'

/** What a viewer is owed that the shared frames don't have. */
export type Debt = { kind: 'slices' } | { kind: 'snapshot'; gap: FrameHeader['gap'] }

/**
 * One viewer of one view: what it has been sent, and whether it keeps up. The kernel hides slowness (it takes
 * megabytes for a stalled peer), so a viewer is slow when the frames that it said it has drawn fall behind.
 */
export class Viewer {
  readonly socket: ViewerSocket
  /** `to` of the last frame sent; null before the first. */
  cursor: string | null = null
  /** Points of frames that were left out since the last one sent. */
  skippedPoints = 0
  /** The next frame is one of its own: it joined, or some were left out. */
  debt: Debt | null = null
  /** Sequence numbers of frames sent and not yet drawn, ascending. */
  private unseen: number[] = []
  private slowSinceMs: number | null = null

  constructor(socket: ViewerSocket) {
    this.socket = socket
  }

  /** The viewer has drawn this frame. Numbers that were never sent are ignored. */
  drawn(sequence: number): void {
    while (this.unseen.length > 0 && this.unseen[0] <= sequence) this.unseen.shift()
  }

  /** After a pause: it is asked for nothing that it was sent before. */
  beginAnew(): void {
    this.unseen = []
    this.slowSinceMs = null
    this.skippedPoints = 0
    this.debt = null
  }

  /** `nowMs` is monotonic. Who is slow for long, or makes the server hold much memory, is gone: close it. */
  readiness(nowMs: number): Readiness {
    const { bufferedAmount } = this.socket
    if (bufferedAmount > limits.viewerQueueBytesMax) return 'gone'
    const slow =
      this.unseen.length >= limits.viewerUnseenFramesMax || bufferedAmount > limits.viewerQueueBytesMax / 4
    if (!slow) {
      this.slowSinceMs = null
      return 'ready'
    }
    this.slowSinceMs ??= nowMs
    return nowMs - this.slowSinceMs > limits.viewerSlowMsMax ? 'gone' : 'slow'
  }

  /** A frame was left out. */
  skip(points: number): void {
    this.skippedPoints += points
    this.debt ??= { kind: 'slices' }
  }

  closeSlow(): void {
    this.socket.close(closures.slow.code, 'slow')
  }

  send(bytes: Uint8Array, sequence: number, to: string): void {
    this.unseen.push(sequence)
    this.cursor = to
    this.skippedPoints = 0
    this.debt = null
    this.socket.send(bytes)
  }
}
