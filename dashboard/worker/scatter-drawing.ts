import { limits } from '@sightline/protocol/limits'
import { rampStep, rampSteps } from './age-ramp.ts'
import type { PageTable } from './page-table.ts'
import type { PixelSurface } from './pixel-surface.ts'
import type { PointRing } from './point-ring.ts'
import { type ScatterColors, trailMs } from './scatter-colors.ts'
import { rippleSteps, type ScatterMarks } from './scatter-marks.ts'
import type { TilePlaces } from './tile-places.ts'

/** Two points further apart in time are two movements, not one. */
const trailGapMs = 400
/** So old is a point when it shrinks, where there is room for large ones. */
const largeMs = 8_000
/** A session's newest point is marked as its pointer for so long. */
const headMs = 2_500
/** A click opens as a ring for so long, then stays as a dot. */
const rippleMs = 700

/** Everything that one picture is made of. */
export interface Scatter {
  surface: PixelSurface
  moves: PointRing
  clicks: PointRing
  pages: PageTable
  places: TilePlaces
  colors: ScatterColors
  marks: ScatterMarks
  /** One page has the whole canvas: young points can be larger. */
  single: boolean
  /** No ring that opens: clicks are still. */
  reducedMotion: boolean
}

export interface DrawnPoints {
  moves: number
  clicks: number
  /** Points on pages that have no tile. */
  elsewhere: number
  /** Points below or beside their page's frame. */
  outside: number
}

/** A place on the surface, device pixels. Reused: drawing makes no objects. */
interface Spot {
  x: number
  y: number
  elsewhere: boolean
}

/** Draws all points, oldest first: dots that fade, lines behind fresh ones, pointers, clicks. */
export function drawScatter(scatter: Scatter, nowMs: number): DrawnPoints {
  scatter.surface.clear()
  const drawn: DrawnPoints = { moves: 0, clicks: 0, elsewhere: 0, outside: 0 }
  drawMoves(scatter, nowMs, drawn)
  drawHeads(scatter, nowMs)
  drawClicks(scatter, nowMs, drawn)
  return drawn
}

function locate({ pages, places }: Scatter, ring: PointRing, slot: number, spot: Spot): boolean {
  const page = ring.page[slot]
  const width = places.width[page]
  spot.elsewhere = width === 0
  if (spot.elsewhere) return false
  const across = ring.x[slot] / ring.viewport[slot]
  const down = ring.y[slot] / pages.height(page)
  spot.x = places.x[page] + across * width
  spot.y = places.y[page] + down * places.height[page]
  return across < 1 && down < 1
}

function drawMoves(scatter: Scatter, nowMs: number, drawn: DrawnPoints): void {
  const { surface, moves, colors, marks } = scatter
  const spot: Spot = { x: 0, y: 0, elsewhere: false }
  const before: Spot = { x: 0, y: 0, elsewhere: false }
  const trailSteps = rampStep(trailMs, limits.dashboardMoveLifeMs)
  const largeSteps = scatter.single ? rampStep(largeMs, limits.dashboardMoveLifeMs) : 0
  for (let position = moves.first; position < moves.next; position++) {
    const slot = position % moves.capacity
    const step = rampStep(nowMs - moves.bornMs[slot], limits.dashboardMoveLifeMs)
    if (step >= rampSteps) continue
    if (!locate(scatter, moves, slot, spot)) {
      if (spot.elsewhere) drawn.elsewhere++
      else drawn.outside++
      continue
    }
    drawn.moves++
    if (step < trailSteps) drawTrail(scatter, position, slot, spot, before, step)
    surface.dot(spot.x, spot.y, step < largeSteps ? marks.largeDotPx : marks.dotPx, colors.dot[step])
  }
}

function drawTrail(scatter: Scatter, position: number, slot: number, spot: Spot, before: Spot, step: number): void {
  const { surface, moves, colors } = scatter
  const back = moves.back[slot]
  if (back === 0 || position - back < moves.first) return
  const from = (position - back) % moves.capacity
  if (moves.page[from] !== moves.page[slot] || moves.bornMs[slot] - moves.bornMs[from] > trailGapMs) return
  if (locate(scatter, moves, from, before)) surface.line(before.x, before.y, spot.x, spot.y, colors.trail[step])
}

function drawHeads(scatter: Scatter, nowMs: number): void {
  const { surface, moves, colors, marks } = scatter
  const spot: Spot = { x: 0, y: 0, elsewhere: false }
  for (const position of moves.newestPositions()) {
    if (position < moves.first) continue
    const slot = position % moves.capacity
    const age = nowMs - moves.bornMs[slot]
    if (age > headMs || !locate(scatter, moves, slot, spot)) continue
    const opacity = 1 - age / headMs
    surface.stamp(marks.halo, spot.x, spot.y, colors.halo, 0.3 * opacity)
    surface.stamp(marks.head, spot.x, spot.y, colors.head, 0.35 + 0.65 * opacity)
  }
}

function drawClicks(scatter: Scatter, nowMs: number, drawn: DrawnPoints): void {
  const { surface, clicks, colors, marks } = scatter
  const spot: Spot = { x: 0, y: 0, elsewhere: false }
  for (let position = clicks.first; position < clicks.next; position++) {
    const slot = position % clicks.capacity
    const age = Math.max(0, nowMs - clicks.bornMs[slot])
    if (age > limits.dashboardClickLifeMs || !locate(scatter, clicks, slot, spot)) continue
    drawn.clicks++
    if (age < rippleMs) {
      const opening = scatter.reducedMotion ? rippleSteps - 1 : Math.floor((age / rippleMs) * rippleSteps)
      surface.stamp(marks.ripples[opening], spot.x, spot.y, colors.click, 1 - (age / rippleMs) * 0.6)
    }
    const left = 1 - age / limits.dashboardClickLifeMs
    surface.stamp(marks.click, spot.x, spot.y, colors.click, 0.2 + 0.8 * left * left)
  }
}
