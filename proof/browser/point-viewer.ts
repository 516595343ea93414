import { decodeFrame, type ViewerMessage } from '@sightline/protocol/live-frames'
import { WebSocket } from 'ws'
import type { Point } from './visit-comparison.ts'

/** A viewer of one site that keeps every point it is sent. While it is there, the site is watched. */
export class PointViewer {
  readonly moves: Point[] = []
  readonly clicks: Point[] = []
  /** Points that were not sent, for whatever reason: with any of these nothing can be said. */
  leftOut = 0
  private readonly socket: WebSocket

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data: Buffer) => this.take(data))
  }

  static async open(liveUrl: string, site: number): Promise<PointViewer> {
    const socket = new WebSocket(`${liveUrl.replace('http', 'ws')}/api/v1/live`)
    const viewer = new PointViewer(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve())
      socket.once('error', reject)
    })
    viewer.say({ type: 'subscribe', site, page: null, layout: null, cursor: null })
    return viewer
  }

  close(): void {
    this.socket.close()
  }

  private say(message: ViewerMessage): void {
    this.socket.send(JSON.stringify(message))
  }

  private take(data: Buffer): void {
    const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer
    const { header, points } = decodeFrame(bytes)
    this.say({ type: 'seen', sequence: header.sequence })
    this.leftOut +=
      header.skippedPoints + (header.sampledOneIn > 1 ? 1 : 0) + (header.gap === undefined ? 0 : 1)
    for (let i = 0; i < points.count; i++) {
      const kept = points.kind[i] === 1 ? this.clicks : this.moves
      kept.push([points.x[i], points.y[i]])
    }
  }
}
