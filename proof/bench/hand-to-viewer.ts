import { decodeFrame, type ViewerMessage } from '@sightline/protocol/live-frames'
import { WebSocket } from 'ws'

const samplesMax = 2_000_000

/**
 * A viewer that measures: for every point that arrives, how long ago it happened under the hand; for every frame, how
 * far it is behind the newest record. All processes share this machine's clock. ms.
 */
export class HandToViewer {
  private readonly socket: WebSocket
  private readonly latencies: number[] = []
  /** [when, how far behind] of each frame. */
  private readonly lags: [number, number][] = []
  frames = 0

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data: Buffer) => this.take(data))
  }

  static async open(liveUrl: string, site: number): Promise<HandToViewer> {
    const socket = new WebSocket(`${liveUrl.replace('http', 'ws')}/api/v1/live`)
    const viewer = new HandToViewer(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve())
      socket.once('error', reject)
    })
    viewer.say({ type: 'subscribe', site, page: null, layout: null, cursor: null })
    return viewer
  }

  /** Forgets what was measured so far. */
  begin(): void {
    this.latencies.length = 0
    this.lags.length = 0
    this.frames = 0
  }

  result() {
    const sorted = Float64Array.from(this.latencies).sort()
    const quantile = (q: number) => Math.round((sorted[Math.floor((sorted.length - 1) * q)] ?? NaN) * 10) / 10
    const third = Math.floor(this.lags.length / 3)
    const mean = (part: [number, number][]) =>
      Math.round(part.reduce((sum, [, lag]) => sum + lag, 0) / Math.max(1, part.length))
    return {
      latencyMs: { p50: quantile(0.5), p99: quantile(0.99) },
      points: sorted.length,
      frames: this.frames,
      /** Mean distance of a frame from the newest record in the first and in the last third. */
      lagMs: { firstThird: mean(this.lags.slice(0, third)), lastThird: mean(this.lags.slice(-third)) },
    }
  }

  close(): void {
    this.socket.close()
  }

  private say(message: ViewerMessage): void {
    this.socket.send(JSON.stringify(message))
  }

  private take(data: Buffer): void {
    const now = Date.now()
    const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer
    const { header, points } = decodeFrame(bytes)
    this.say({ type: 'seen', sequence: header.sequence })
    if (header.type === 'snapshot') return
    this.frames++
    if (header.newestRecordMs > 0) this.lags.push([now, now - header.newestRecordMs])
    for (let i = 0; i < points.count && this.latencies.length < samplesMax; i++) {
      this.latencies.push(now - (header.atMs - points.age[i]))
    }
  }
}
