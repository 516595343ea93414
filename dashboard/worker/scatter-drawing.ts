import { limits } from '@sightline/protocol/limits'
import { rampStep, rampSteps } from './age-ramp.ts'
import type { PageTable } from './page-table.ts'
import { disk, type PixelSurface, ring, type Stamp } from './pixel-surface.ts'
import type { PointRing } from './point-ring.ts'
import type { ScatterColors } from './scatter-colors.ts'

/** A point younger than this is drawn larger and drags a line to the one before. */
const freshMs = 1_400
/** Two points further apart in time are two movements, not one. */
const trailGapMs = 400
/** A session's newest point is marked as its pointer for so long. */
const headMs = 2_500
/** A click opens as a ring for so long, then stays as a dot. */
const rippleMs = 700
const rippleSteps = 10

/** Everything that one picture is made of. */
export interface Scatter {
  surface: PixelSurface
  moves: PointRing
  clicks: PointRing
  pages: PageTable
  colors: ScatterColors
  marks: ScatterMarks
  /** No ring that opens: clicks are still. */
  reducedMotion: boolean
}

export interface DrawnPoints {
  moves: number
  clicks: number
  /** Points that lie below or beside the frame. */
  outside: number
}

/** The stamps for one device pixel ratio. */
export interface ScatterMarks {
  dotPx: number
  freshPx: number
  head: Stamp
  halo: Stamp
  click: Stamp
  ripples: Stamp[]
}

export function scatterMarks(ratio: number): ScatterMarks {
  const ripples: Stamp[] = []
  for (let step = 0; step < rippleSteps; step++) ripples.push(ring((4 + step * 1.1) * ratio, 1.6 * ratio))
  return {
    dotPx: Math.max(1, Math.round(ratio)),
    freshPx: Math.max(2, Math.round(1.7 * ratio)),
    head: disk(1.7 * ratio),
    halo: disk(4 * ratio),
    click: disk(2.6 * ratio),
    ripples,
  }
}

/** Draws all points, oldest first: dots that fade, lines behind fresh ones, pointers, clicks. */
export function drawScatter(scatter: Scatter, nowMs: number): DrawnPoints {
  scatter.surface.clear()
  const drawn: DrawnPoints = { moves: 0, clicks: 0, outside: 0 }
  drawMoves(scatter, nowMs, drawn)
  drawHeads(scatter, nowMs)
  drawClicks(scatter, nowMs, drawn)
  return drawn
}

function drawMoves(scatter: Scatter, nowMs: number, drawn: DrawnPoints): void {
  const { surface, moves, pages, colors, marks } = scatter
  const { width, height, pixels } = surface
  const freshSteps = rampStep(freshMs, limits.dashboardMoveLifeMs)
  for (let position = moves.first; position < moves.next; position++) {
    const slot = position % moves.capacity
    const step = rampStep(nowMs - moves.bornMs[slot], limits.dashboardMoveLifeMs)
    if (step >= rampSteps) continue
    const x = ((moves.x[slot] / moves.viewport[slot]) * width) | 0
    const y = ((moves.y[slot] / pages.height(moves.page[slot])) * height) | 0
    if (x >= width || y >= height) {
      drawn.outside++
      continue
    }
    drawn.moves++
    if (step < freshSteps) {
      drawTrail(scatter, position, slot, x, y, step)
      surface.dot(x, y, marks.freshPx, colors.dot[step])
    } else if (marks.dotPx === 1) pixels[y * width + x] = colors.dot[step]
    else surface.dot(x, y, marks.dotPx, colors.dot[step])
  }
}

function drawTrail(scatter: Scatter, position: number, slot: number, x: number, y: number, step: number): void {
  const { surface, moves, pages, colors } = scatter
  const back = moves.back[slot]
  if (back === 0 || position - back < moves.first) return
  const before = (position - back) % moves.capacity
  if (moves.page[before] !== moves.page[slot] || moves.bornMs[slot] - moves.bornMs[before] > trailGapMs) return
  const fromX = ((moves.x[before] / moves.viewport[before]) * surface.width) | 0
  const fromY = ((moves.y[before] / pages.height(moves.page[before])) * surface.height) | 0
  surface.line(fromX, fromY, x, y, colors.trail[step])
}

function drawHeads(scatter: Scatter, nowMs: number): void {
  const { surface, moves, pages, colors, marks } = scatter
  for (const position of moves.newestPositions()) {
    if (position < moves.first) continue
    const slot = position % moves.capacity
    const age = nowMs - moves.bornMs[slot]
    if (age > headMs) continue
    const x = ((moves.x[slot] / moves.viewport[slot]) * surface.width) | 0
    const y = ((moves.y[slot] / pages.height(moves.page[slot])) * surface.height) | 0
    const opacity = 1 - age / headMs
    surface.stamp(marks.halo, x, y, colors.halo, 0.3 * opacity)
    surface.stamp(marks.head, x, y, colors.head, 0.35 + 0.65 * opacity)
  }
}

function drawClicks(scatter: Scatter, nowMs: number, drawn: DrawnPoints): void {
  const { surface, clicks, pages, colors, marks } = scatter
  for (let position = clicks.first; position < clicks.next; position++) {
    const slot = position % clicks.capacity
    const age = Math.max(0, nowMs - clicks.bornMs[slot])
    if (age > limits.dashboardClickLifeMs) continue
    const x = ((clicks.x[slot] / clicks.viewport[slot]) * surface.width) | 0
    const y = ((clicks.y[slot] / pages.height(clicks.page[slot])) * surface.height) | 0
    if (x >= surface.width || y >= surface.height) {
      drawn.outside++
      continue
    }
    drawn.clicks++
    const left = 1 - age / limits.dashboardClickLifeMs
    if (age < rippleMs) {
      const opening = scatter.reducedMotion ? rippleSteps - 1 : Math.floor((age / rippleMs) * rippleSteps)
      surface.stamp(marks.ripples[opening], x, y, colors.click, 1 - (age / rippleMs) * 0.6)
    }
    surface.stamp(marks.click, x, y, colors.click, 0.15 + 0.85 * left * left)
  }
}
