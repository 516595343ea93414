import { closures } from '@sightline/protocol/errors'
import { limits } from '@sightline/protocol/limits'

/** What a viewer needs of its socket; `ws` fits. */
export interface ViewerSocket {
  readonly bufferedAmount: number
  send(bytes: Uint8Array): void
  close(code: number, reason: string): void
}

/**
 * One viewer of one view: what it has been sent, and whether it keeps up. The kernel hides slowness (it takes
 * megabytes for a stalled peer), so a viewer is slow when the frames that it said it has drawn fall behind.
 */
export class Viewer {
  readonly socket: ViewerSocket
  /** `to` of the last frame sent; null before the first. */
  cursor: string | null = null
  paused = false
  /** Points of frames that were left out since the last one sent. */
  skippedPoints = 0
  /** The next frame must hold all slices: some were left out. */
  behind = false
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

  /** Whether the next frame may go out now; later, it gets one conflated frame in place of several. */
  isReady(nowMs: number): boolean {
    const slow = this.unseen.length >= limits.viewerUnseenFramesMax || this.socket.bufferedAmount > limits.viewerQueueBytesMax / 4
    if (!slow) this.slowSinceMs = null
    else this.slowSinceMs ??= nowMs
    return !slow
  }

  /** Whether it has been slow for so long, or holds so much memory, that it must go. */
  mustClose(nowMs: number): boolean {
    if (this.socket.bufferedAmount > limits.viewerQueueBytesMax) return true
    return this.slowSinceMs !== null && nowMs - this.slowSinceMs > limits.viewerSlowMsMax
  }

  closeSlow(): void {
    this.socket.close(closures.slow.code, 'slow')
  }

  send(bytes: Uint8Array, sequence: number, to: string): void {
    this.unseen.push(sequence)
    this.cursor = to
    this.skippedPoints = 0
    this.behind = false
    this.socket.send(bytes)
  }
}
