import { formatClock } from '../format/times.ts'
import { type ColorToken, withOpacity } from '../theme/colors.ts'
import { timeTicks, valueScale } from './plot-scale.ts'

export interface Line {
  label: string
  color: ColorToken
  /** Opacity of the area below the line, 0 to 1; absent = none. */
  fill?: number
}

export type Column = readonly (number | null)[]

export interface Plot {
  /** Seconds since the epoch, ascending. */
  seconds: readonly number[]
  lines: readonly Line[]
  /** One column per line. */
  values: readonly Column[]
  format: (value: number) => string
  /** Least value at the top of the axis. */
  ceiling: number
  /** Index where the crosshair stands; null = nowhere. */
  cursor: number | null
  color: (token: ColorToken) => string
}

/** The part of the canvas that the lines lie in, CSS px. */
export interface PlotArea {
  left: number
  right: number
  top: number
  bottom: number
}

/** The axis never shows less, so that the first seconds do not look like a trend. */
const windowSecondsMin = 60
const font = '11px "Geist Mono Variable", ui-monospace, monospace'
const timeLabelPx = 74
const valueLinePx = 34
const axisPx = 24
const labelShiftMax = 10
const valueAxisPx = 44

export function plotArea(width: number, height: number): PlotArea {
  return {
    left: valueAxisPx,
    right: Math.max(valueAxisPx + 1, width - 10),
    top: 8,
    bottom: Math.max(9, height - axisPx),
  }
}

/** First and last second of the time axis. */
export function plotWindow(seconds: readonly number[]): { from: number; to: number } {
  const to = seconds.at(-1) ?? 0
  return { from: Math.min(seconds[0] ?? 0, to - windowSecondsMin), to }
}

/** Draws grid, labels, lines and crosshair; sizes in CSS px, the context is scaled to them. */
export function drawPlot(context: CanvasRenderingContext2D, width: number, height: number, plot: Plot): void {
  context.clearRect(0, 0, width, height)
  if (plot.seconds.length === 0) return
  const area = plotArea(width, height)
  const { from, to } = plotWindow(plot.seconds)
  const highest = plot.values.reduce(
    (most, column) => column.reduce<number>((high, value) => Math.max(high, value ?? 0), most),
    0,
  )
  const scale = valueScale(highest, plot.ceiling, Math.max(2, (area.bottom - area.top) / valueLinePx))
  const x = (second: number) => area.left + ((second - from) / (to - from)) * (area.right - area.left)
  const y = (value: number) => area.bottom - (value / scale.top) * (area.bottom - area.top)

  context.font = font
  context.lineWidth = 1
  context.strokeStyle = plot.color('line')
  context.fillStyle = plot.color('faint')
  drawValueAxis(context, area, scale.ticks, y, plot.format)
  drawTimeAxis(context, area, timeTicks(from, to, (area.right - area.left) / timeLabelPx), x)
  plot.lines.forEach((line, i) => drawLine(context, area, plot, line, plot.values[i], x, y))
  if (plot.cursor !== null) drawCursor(context, area, plot, plot.cursor, x, y)
}

function drawValueAxis(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  ticks: readonly number[],
  y: (value: number) => number,
  format: (value: number) => string,
): void {
  context.textAlign = 'right'
  context.textBaseline = 'middle'
  for (const tick of ticks) {
    const at = Math.round(y(tick)) + 0.5
    context.beginPath()
    context.moveTo(area.left, at)
    context.lineTo(area.right, at)
    context.stroke()
    context.fillText(format(tick), area.left - 8, at)
  }
}

function drawTimeAxis(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  { step, ticks }: { step: number; ticks: readonly number[] },
  x: (second: number) => number,
): void {
  context.textBaseline = 'top'
  context.textAlign = 'center'
  for (const tick of ticks) {
    const text = step >= 60 ? formatClock(tick).slice(0, 5) : formatClock(tick)
    const half = context.measureText(text).width / 2
    const at = Math.min(Math.max(x(tick), area.left + half), area.right + 10 - half)
    // Moved in from the edge too far, a label would lie over its neighbour.
    if (Math.abs(at - x(tick)) <= labelShiftMax) context.fillText(text, at, area.bottom + 8)
  }
}

function drawLine(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  plot: Plot,
  line: Line,
  column: Column,
  x: (second: number) => number,
  y: (value: number) => number,
): void {
  const stroke = plot.color(line.color)
  context.strokeStyle = stroke
  context.lineWidth = 1.5
  context.lineJoin = 'round'
  for (const [first, last] of knownRuns(column)) {
    const path = new Path2D()
    for (let i = first; i <= last; i++) path.lineTo(x(plot.seconds[i]), y(column[i] ?? 0))
    context.stroke(path)
    if (line.fill === undefined) continue
    path.lineTo(x(plot.seconds[last]), area.bottom)
    path.lineTo(x(plot.seconds[first]), area.bottom)
    context.fillStyle = withOpacity(stroke, line.fill)
    context.fill(path)
  }
}

function drawCursor(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  plot: Plot,
  cursor: number,
  x: (second: number) => number,
  y: (value: number) => number,
): void {
  const at = Math.round(x(plot.seconds[cursor])) + 0.5
  context.strokeStyle = plot.color('faint')
  context.lineWidth = 1
  context.setLineDash([3, 3])
  context.beginPath()
  context.moveTo(at, area.top)
  context.lineTo(at, area.bottom)
  context.stroke()
  context.setLineDash([])
  plot.lines.forEach((line, i) => {
    const value = plot.values[i][cursor]
    if (value === null || value === undefined) return
    context.fillStyle = plot.color(line.color)
    context.beginPath()
    context.arc(at, y(value), 3.5, 0, 2 * Math.PI)
    context.fill()
  })
}

/** [first, last] of each stretch without null: a hole is not bridged. */
export function knownRuns(column: Column): [number, number][] {
  const runs: [number, number][] = []
  let first = -1
  for (let i = 0; i <= column.length; i++) {
    const known = i < column.length && column[i] !== null
    if (known && first < 0) first = i
    if (!known && first >= 0) {
      runs.push([first, i - 1])
      first = -1
    }
  }
  return runs
}
