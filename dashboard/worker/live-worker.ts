import { decodeFrame } from '@sightline/protocol/live-frames'
import { DrawLoop } from './draw-loop.ts'
import { FrameIntake } from './frame-intake.ts'
import { LiveConnection, type LiveSocket } from './live-connection.ts'
import { pointRows } from './point-rows.ts'
import type { LiveView, WorkerCommand, WorkerReport } from './worker-messages.ts'

const pointRowsMax = 40
/** The age of what is shown goes to the page at least this often. */
const stampMs = 100
const figuresMs = 500

export interface WorkerParts {
  openSocket(url: string): LiveSocket
  post(report: WorkerReport): void
  /** performance.now and its origin: together epoch ms. */
  clock(): number
  clockOriginMs: number
  random(): number
  requestFrame(run: () => void): void
  setTimer(run: () => void, delayMs: number): number
  clearTimer(timer: number): void
}

/** The worker: owns socket, decoding, points and canvas; the page gets small slices at a calm pace. */
export class LiveWorker {
  private readonly parts: WorkerParts
  private readonly intake = new FrameIntake()
  private readonly drawing: DrawLoop
  private connection: LiveConnection | null = null
  private paused = false
  private hidden = false
  private rowsWanted = false
  private stampedMs = 0
  private figuredMs = 0
  private timer: number | null = null

  constructor(parts: WorkerParts) {
    this.parts = parts
    this.drawing = new DrawLoop(this.intake, {
      clock: parts.clock,
      requestFrame: parts.requestFrame,
      onDrawn: (sequence) => this.connection?.seen(sequence),
    })
  }

  obey(command: WorkerCommand): void {
    switch (command.type) {
      case 'start':
        this.start(command.url, command.view, command.reducedMotion)
        break
      case 'view':
        this.changeView(command.view)
        break
      case 'canvas':
        this.drawing.attach(command.canvas, command.width, command.height, command.ratio, command.colors)
        break
      case 'canvas-gone':
        this.drawing.detach()
        break
      case 'size':
        this.drawing.resize(command.width, command.height, command.ratio)
        break
      case 'colors':
        this.drawing.recolor(command.colors)
        break
      case 'paused':
        this.paused = command.paused
        this.applyPause()
        break
      case 'hidden':
        this.hidden = command.hidden
        this.applyPause()
        break
      case 'point-rows':
        this.rowsWanted = command.wanted
        this.putFigures(true)
        this.flush()
        break
    }
  }

  private start(url: string, view: LiveView, reducedMotion: boolean): void {
    const { intake, parts } = this
    this.intake.tiles.setPage(view.page)
    this.drawing.reducedMotion = reducedMotion
    this.connection = new LiveConnection({
      openSocket: () => parts.openSocket(url),
      now: () => parts.clockOriginMs + parts.clock(),
      random: parts.random,
      setTimer: parts.setTimer,
      clearTimer: parts.clearTimer,
      cursor: () => intake.chain.cursor,
      onSubscribe: (fresh) => (fresh ? intake.chain.startOver() : intake.chain.resume()),
      onFrame: (buffer) => this.takeFrame(buffer),
      onState: (connection) => parts.post({ type: 'connection', connection }),
    })
    this.connection.start(view)
    this.applyPause()
  }

  private changeView(view: LiveView): void {
    this.intake.clear(view.page)
    this.parts.post({ type: 'cleared' })
    this.connection?.changeView(view)
  }

  private applyPause(): void {
    if (this.paused || this.hidden) {
      this.connection?.pause()
      this.drawing.stop()
      this.flush()
    } else {
      this.connection?.resume()
      this.drawing.start()
    }
  }

  private takeFrame(buffer: ArrayBuffer): void {
    const { parts } = this
    const clockMs = parts.clock()
    let frame: ReturnType<typeof decodeFrame>
    try {
      frame = decodeFrame(buffer)
    } catch {
      // A cut or garbled frame: nothing after it can be trusted either.
      this.connection?.fault()
      return
    }
    const intake = this.intake.take(frame.header, frame.points, clockMs, parts.clockOriginMs + clockMs)
    this.drawing.arrived(frame.header.sequence, clockMs)
    if (!intake.taken) return
    if (intake.gap !== null) parts.post({ type: 'gap', gap: intake.gap, atMs: parts.clockOriginMs + clockMs })
    if (intake.resubscribe) this.connection?.resubscribe()
    this.putFigures(false)
    this.flush()
  }

  private putFigures(atOnce: boolean): void {
    const { intake, drawing } = this
    const clockMs = this.parts.clock()
    if (!atOnce && clockMs - this.figuredMs < figuresMs) return
    this.figuredMs = clockMs
    intake.outbox.put('drawing', {
      ...drawing.figures,
      evicted: intake.moves.evicted,
      sampledOneIn: intake.sampledOneIn,
      skippedPoints: intake.skippedPoints(clockMs),
      tiles: intake.tiles.tiles(intake.pages),
    })
    if (this.rowsWanted) intake.outbox.put('pointRows', pointRows(intake, clockMs, pointRowsMax))
  }

  /** Sends what is due, and sees to it that what is held goes later. */
  private flush(): void {
    const { parts, intake } = this
    const nowMs = parts.clock()
    const due = intake.outbox.take(nowMs)
    if (Object.keys(due.slices).length > 0 || nowMs - this.stampedMs >= stampMs) {
      this.stampedMs = nowMs
      parts.post({ type: 'slices', ...due, asOf: intake.asOf })
    }
    const nextMs = intake.outbox.nextDueMs()
    if (nextMs === null || this.timer !== null) return
    this.timer = parts.setTimer(
      () => {
        this.timer = null
        this.flush()
      },
      Math.max(1, nextMs - nowMs),
    )
  }
}
