import {
  decodeFrame,
  type FrameHeader,
  type PointColumns,
  type ViewerMessage,
} from '@sightline/protocol/live-frames'
import { WebSocket } from 'ws'
import { until } from './test-installation.fixture.ts'
import type { ViewerSocket } from './viewer.ts'

export interface TestFrame {
  header: FrameHeader
  points: PointColumns
  bytes: Uint8Array
}

/** A socket that keeps what it is given, in place of a network. */
export class RecordingSocket implements ViewerSocket {
  bufferedAmount = 0
  closed: { code: number; reason: string } | null = null
  readonly frames: TestFrame[] = []

  send(bytes: Uint8Array): void {
    this.frames.push(frameOf(bytes))
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason }
  }

  get last(): FrameHeader {
    return this.frames[this.frames.length - 1].header
  }
}

/** A viewer on a real socket. It says of each frame that it has drawn it, unless told not to. */
export class TestViewer {
  readonly frames: TestFrame[] = []
  closed: { code: number; reason: string } | null = null
  draws = true
  private readonly socket: WebSocket

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data: Buffer) => {
      const frame = frameOf(data)
      this.frames.push(frame)
      if (this.draws) this.say({ type: 'seen', sequence: frame.header.sequence })
    })
    socket.on('close', (code, reason) => (this.closed = { code, reason: String(reason) }))
    socket.on('error', () => {})
  }

  static async connect(url: string, headers: Record<string, string> = {}): Promise<TestViewer> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/live`, { headers })
    const viewer = new TestViewer(socket)
    await until('the viewer is connected', () => socket.readyState !== WebSocket.CONNECTING)
    return viewer
  }

  subscribe(cursor: string | null = null, view: { site?: number; page?: string | null } = {}): void {
    this.say({ type: 'subscribe', site: 1, page: null, layout: null, ...view, cursor })
  }

  say(message: ViewerMessage): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
  }

  sendRaw(data: string | Buffer): void {
    this.socket.send(data)
  }

  /** `to` of the last frame. */
  get cursor(): string {
    return this.frames[this.frames.length - 1].header.to
  }

  pointCount(from = 0): number {
    return this.frames.slice(from).reduce((sum, { points }) => sum + points.count, 0)
  }

  /** Stops reading, as a stalled peer does. */
  stall(): void {
    this.socket.pause()
  }

  async close(): Promise<void> {
    this.socket.close()
    await until('the socket is closed', () => this.closed !== null)
  }
}

function frameOf(data: Uint8Array): TestFrame {
  const bytes = new Uint8Array(data)
  return { ...decodeFrame(bytes.buffer), bytes: data }
}

/** Whether each frame continues the one before, or is a snapshot. */
export function isChain(frames: readonly TestFrame[]): boolean {
  return frames.every(({ header }, i) => {
    if (header.type === 'snapshot') return header.from === null
    return i > 0 && header.from === frames[i - 1].header.to
  })
}
