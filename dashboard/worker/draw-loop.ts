import { limits } from '@sightline/protocol/limits'
import type { FrameIntake } from './frame-intake.ts'
import { PixelSurface } from './pixel-surface.ts'
import { type ScatterColors, scatterColors, type ThemeColors } from './scatter-colors.ts'
import { drawScatter } from './scatter-drawing.ts'
import { type ScatterMarks, scatterMarks } from './scatter-marks.ts'
import { TilePlaces } from './tile-places.ts'

/** Without new points the picture is drawn this often, to let them fade. */
const fadeMs = 100
/** Figures are means over so long. */
const figuresMs = 1_000

export interface DrawParts {
  /** performance.now */
  clock(): number
  requestFrame(run: () => void): void
  /** All frames up to this one are on the screen. */
  onDrawn(sequence: number): void
}

interface Drawing {
  canvas: OffscreenCanvas
  context: OffscreenCanvasRenderingContext2D
  surface: PixelSurface
  image: ImageData
  marks: ScatterMarks
  scale: number
  colors: ScatterColors
}

/** Draws into the canvas when points came or have to fade; at most once per screen refresh. */
export class DrawLoop {
  readonly figures = {
    movesDrawn: 0,
    clicksDrawn: 0,
    elsewhere: 0,
    outside: 0,
    framesPerSecond: 0,
    drawMs: 0,
    arrivalToPictureMs: 0,
  }
  reducedMotion = false
  private readonly parts: DrawParts
  private readonly intake: FrameIntake
  private readonly places = new TilePlaces()
  private drawing: Drawing | null = null
  private running = false
  private waiting = false
  private changed = true
  private drawnMs = 0
  private undrawn: { sequence: number; arrivedMs: number } | null = null
  private window = { sinceMs: 0, frames: 0, drawMs: 0, arrivals: 0, arrivalMs: 0 }

  constructor(intake: FrameIntake, parts: DrawParts) {
    this.intake = intake
    this.parts = parts
  }

  /** Sizes in CSS px. Throws when the canvas has no 2d context. */
  attach(canvas: OffscreenCanvas, width: number, height: number, ratio: number, colors: ThemeColors): void {
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('the canvas of the live worker has no 2d context')
    this.drawing = { canvas, context, colors: scatterColors(colors), ...sized(canvas, width, height, ratio) }
    this.intake.tiles.setSize(width, height)
    this.redraw()
  }

  detach(): void {
    this.drawing = null
  }

  resize(width: number, height: number, ratio: number): void {
    if (this.drawing === null) return
    Object.assign(this.drawing, sized(this.drawing.canvas, width, height, ratio))
    this.intake.tiles.setSize(width, height)
    this.redraw()
  }

  recolor(colors: ThemeColors): void {
    if (this.drawing === null) return
    this.drawing.colors = scatterColors(colors)
    this.redraw()
  }

  /** A frame was taken: draw it, then say so. */
  arrived(sequence: number, clockMs: number): void {
    this.undrawn = { sequence, arrivedMs: this.undrawn?.arrivedMs ?? clockMs }
    this.changed = true
    this.schedule()
  }

  start(): void {
    this.running = true
    this.redraw()
  }

  /** Stops fading, too: a paused picture stands still. */
  stop(): void {
    this.running = false
    this.undrawn = null
  }

  /** Draws once even while stopped: the canvas changed, not the points. */
  private redraw(): void {
    this.changed = true
    if (this.running) this.schedule()
    else this.parts.requestFrame(() => this.draw(this.drawnMs || this.parts.clock()))
  }

  private schedule(): void {
    if (this.waiting || !this.running) return
    this.waiting = true
    this.parts.requestFrame(() => {
      this.waiting = false
      this.frame()
    })
  }

  private frame(): void {
    if (!this.running) return
    const nowMs = this.parts.clock()
    const { moves, clicks } = this.intake
    moves.expire(nowMs - limits.dashboardMoveLifeMs)
    clicks.expire(nowMs - limits.dashboardClickLifeMs)
    if (this.changed || nowMs - this.drawnMs >= fadeMs) this.draw(nowMs)
    if (this.undrawn !== null) {
      this.window.arrivals++
      this.window.arrivalMs += this.parts.clock() - this.undrawn.arrivedMs
      this.parts.onDrawn(this.undrawn.sequence)
      this.undrawn = null
    }
    this.measure(nowMs)
    this.schedule()
  }

  private draw(nowMs: number): void {
    const { drawing, intake } = this
    this.changed = false
    this.drawnMs = nowMs
    if (drawing === null) return
    const begunMs = this.parts.clock()
    const { moves, clicks, pages, tiles } = intake
    const placed = tiles.tiles(pages)
    this.places.set(placed, pages, drawing.scale)
    const scatter = {
      ...drawing,
      moves,
      clicks,
      places: this.places,
      single: placed.length === 1,
      reducedMotion: this.reducedMotion,
    }
    const drawn = drawScatter(scatter, nowMs)
    drawing.context.putImageData(drawing.image, 0, 0)
    this.window.frames++
    this.window.drawMs += this.parts.clock() - begunMs
    this.figures.movesDrawn = drawn.moves
    this.figures.clicksDrawn = drawn.clicks
    this.figures.elsewhere = drawn.elsewhere
    this.figures.outside = drawn.outside
  }

  private measure(nowMs: number): void {
    const { window, figures } = this
    const elapsedMs = nowMs - window.sinceMs
    if (elapsedMs < figuresMs) return
    figures.framesPerSecond = (window.frames * 1000) / elapsedMs
    figures.drawMs = window.frames === 0 ? 0 : window.drawMs / window.frames
    figures.arrivalToPictureMs = window.arrivals === 0 ? 0 : window.arrivalMs / window.arrivals
    this.window = { sinceMs: nowMs, frames: 0, drawMs: 0, arrivals: 0, arrivalMs: 0 }
  }
}

function sized(canvas: OffscreenCanvas, width: number, height: number, ratio: number) {
  const scale = Math.min(limits.dashboardPixelRatioMax, Math.max(1, ratio))
  const surface = new PixelSurface(width * scale, height * scale)
  canvas.width = surface.width
  canvas.height = surface.height
  const image = new ImageData(surface.bytes, surface.width, surface.height)
  return { surface, image, scale, marks: scatterMarks(scale) }
}
