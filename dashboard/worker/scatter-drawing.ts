import { limits } from '@sightline/protocol/limits'
import { ageSteps, rampStep, rampSteps } from './age-ramp.ts'
import type { PixelSurface } from './pixel-surface.ts'
import type { PointRing } from './point-ring.ts'
import { type ScatterColors, trailMs } from './scatter-colors.ts'
import { rippleSteps, type ScatterMarks } from './scatter-marks.ts'
import type { TilePlaces } from './tile-places.ts'

/** So old is a point when it shrinks, where there is room for large ones. */
const largeMs = 8_000
/** Two points further apart in time are two movements, not one. */
const trailGapMs = 400
/** Only so many of the newest points drag a line: under load trails become shorter before pictures become fewer. */
const trailPointsMax = 16_384
/** A session's newest point is marked as its pointer for so long. */
const headMs = 2_500
/** With more pointers than this the glow around each is left away. */
const halosMax = 600
/** A click opens as a ring for so long, then stays as a dot. */
const rippleMs = 700

/** Everything that one picture is made of. */
export interface Scatter {
  surface: PixelSurface
  moves: PointRing
  clicks: PointRing
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

const stepsOfAge = ageSteps(limits.dashboardMoveLifeMs)

/** Draws all points, oldest first: dots that fade, lines behind fresh ones, pointers, clicks. */
export function drawScatter(scatter: Scatter, nowMs: number): DrawnPoints {
  scatter.surface.clear()
  const drawn: DrawnPoints = { moves: 0, clicks: 0, elsewhere: 0, outside: 0 }
  const { moves } = scatter
  // The ring's points lie in one or two stretches of its columns.
  const first = moves.first % moves.capacity
  const untilEnd = Math.min(moves.count, moves.capacity - first)
  drawMoves(scatter, nowMs, drawn, moves.first, first, untilEnd)
  drawMoves(scatter, nowMs, drawn, moves.first + untilEnd, 0, moves.count - untilEnd)
  drawHeads(scatter, nowMs)
  drawClicks(scatter, nowMs, drawn)
  return drawn
}

function drawMoves(
  scatter: Scatter,
  nowMs: number,
  drawn: DrawnPoints,
  firstPosition: number,
  firstSlot: number,
  count: number,
): void {
  const { surface, moves, places, colors, marks } = scatter
  const { across, y: down, page: pages, bornMs } = moves
  const { left, top, right, bottom, width, perPx } = places
  const { dotPx, largeDotPx } = marks
  const { dot } = colors
  const trailSteps = rampStep(trailMs, limits.dashboardMoveLifeMs)
  const largeSteps = scatter.single ? rampStep(largeMs, limits.dashboardMoveLifeMs) : 0
  const trailsFrom = moves.next - trailPointsMax
  for (let i = 0; i < count; i++) {
    const slot = firstSlot + i
    const step = stepsOfAge[Math.max(0, (nowMs - bornMs[slot]) | 0)] ?? rampSteps
    if (step >= rampSteps) continue
    const page = pages[slot]
    if (width[page] === 0) {
      drawn.elsewhere++
      continue
    }
    const x = left[page] + across[slot] * width[page]
    const y = top[page] + down[slot] * perPx[page]
    if (x >= right[page] || y >= bottom[page]) {
      drawn.outside++
      continue
    }
    drawn.moves++
    const position = firstPosition + i
    if (step < trailSteps && position >= trailsFrom) drawTrail(scatter, position, slot, x, y, step)
    const size = step < largeSteps ? largeDotPx : dotPx
    surface.dot(x, y, size, dot[step])
  }
}

function drawTrail(
  scatter: Scatter,
  position: number,
  slot: number,
  x: number,
  y: number,
  step: number,
): void {
  const { surface, moves, places, colors } = scatter
  const back = moves.back[slot]
  if (back === 0 || position - back < moves.first) return
  const from = (position - back) % moves.capacity
  const page = moves.page[from]
  if (page !== moves.page[slot] || moves.bornMs[slot] - moves.bornMs[from] > trailGapMs) return
  const fromX = places.left[page] + moves.across[from] * places.width[page]
  const fromY = places.top[page] + moves.y[from] * places.perPx[page]
  if (fromX < places.right[page] && fromY < places.bottom[page])
    surface.line(fromX, fromY, x, y, colors.trail[step])
}

function drawHeads(scatter: Scatter, nowMs: number): void {
  const { surface, moves, places, colors, marks } = scatter
  const glow = moves.sessionCount <= halosMax
  for (const position of moves.newestPositions()) {
    if (position < moves.first) continue
    const slot = position % moves.capacity
    const age = nowMs - moves.bornMs[slot]
    const page = moves.page[slot]
    if (age > headMs || places.width[page] === 0) continue
    const x = places.left[page] + moves.across[slot] * places.width[page]
    const y = places.top[page] + moves.y[slot] * places.perPx[page]
    if (x >= places.right[page] || y >= places.bottom[page]) continue
    const opacity = 1 - Math.max(0, age) / headMs
    if (glow) surface.stamp(marks.halo, x, y, colors.halo, 0.3 * opacity)
    surface.stamp(marks.head, x, y, colors.head, 0.35 + 0.65 * opacity)
  }
}

function drawClicks(scatter: Scatter, nowMs: number, drawn: DrawnPoints): void {
  const { surface, clicks, places, colors, marks } = scatter
  for (let position = clicks.first; position < clicks.next; position++) {
    const slot = position % clicks.capacity
    const age = Math.max(0, nowMs - clicks.bornMs[slot])
    const page = clicks.page[slot]
    if (age > limits.dashboardClickLifeMs || places.width[page] === 0) continue
    const x = places.left[page] + clicks.across[slot] * places.width[page]
    const y = places.top[page] + clicks.y[slot] * places.perPx[page]
    if (x >= places.right[page] || y >= places.bottom[page]) continue
    drawn.clicks++
    if (age < rippleMs) {
      const opening = scatter.reducedMotion ? rippleSteps - 1 : Math.floor((age / rippleMs) * rippleSteps)
      surface.stamp(marks.ripples[opening], x, y, colors.click, 1 - (age / rippleMs) * 0.6)
    }
    const left = 1 - age / limits.dashboardClickLifeMs
    surface.stamp(marks.click, x, y, colors.click, 0.2 + 0.8 * left * left)
  }
}
