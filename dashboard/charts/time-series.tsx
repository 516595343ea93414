import { type PointerEvent, useEffect, useRef } from 'react'
import { formatClock } from '../format/times.ts'
import { color } from '../theme/colors.ts'
import { useTheme } from '../theme/theme.ts'
import { setCrosshair, useCrosshair } from './crosshair.ts'
import { type Column, drawPlot, type Line, plotArea, plotWindow } from './plot-drawing.ts'
import { nearestIndex } from './plot-scale.ts'
import styles from './time-series.module.css'
import { useElementSize } from './use-element-size.ts'

interface TimeSeriesProps {
  /** One sentence with the present reading, for those who can't see the drawing. */
  label: string
  /** Seconds since the epoch, ascending. */
  seconds: readonly number[]
  lines: readonly Line[]
  /** One column per line. */
  values: readonly Column[]
  format: (value: number) => string
  /** Least value at the top of the axis. */
  ceiling: number
}

/** Lines over time. The crosshair follows the pointer and the arrow keys, on all time series at once. */
export function TimeSeries({ label, seconds, lines, values, format, ceiling }: TimeSeriesProps) {
  const theme = useTheme()
  const host = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { width, height } = useElementSize(host)
  const crosshair = useCrosshair()
  const cursor = crosshair === null ? null : nearestIndex(seconds, crosshair)

  useEffect(() => {
    const context = canvas.current === null ? null : sizedContext(canvas.current, width, height)
    if (context === null) return
    drawPlot(context, width, height, {
      seconds,
      lines,
      values,
      format,
      ceiling,
      cursor,
      color: memoized(color),
    })
  }, [theme, width, height, seconds, lines, values, format, ceiling, cursor])

  const point = (event: PointerEvent) => {
    const { from, to } = plotWindow(seconds)
    const area = plotArea(width, height)
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left
    setCrosshair(Math.round(from + ((x - area.left) / (area.right - area.left)) * (to - from)))
  }
  const last = Math.max(0, seconds.length - 1)
  return (
    <div className={styles.chart}>
      <div
        ref={host}
        className={styles.plot}
        role="img"
        aria-label={label}
        onPointerMove={point}
        onPointerLeave={() => setCrosshair(null)}
      >
        <canvas ref={canvas} />
      </div>
      <input
        type="range"
        className={styles.slider}
        aria-label={`${lines.map((line) => line.label).join(', ')} by second`}
        aria-valuetext={
          seconds.length === 0 ? 'no data' : reading(cursor ?? last, seconds, lines, values, format)
        }
        min={0}
        max={last}
        value={cursor ?? last}
        onChange={(event) => setCrosshair(seconds[Number(event.target.value)] ?? null)}
        onBlur={() => setCrosshair(null)}
      />
    </div>
  )
}

/** The canvas's context, scaled so that a unit is a CSS px on any screen; null while it has no size. */
function sizedContext(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  if (width < 1 || height < 1) return null
  const ratio = devicePixelRatio
  const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== pixelWidth) canvas.width = pixelWidth
  if (canvas.height !== pixelHeight) canvas.height = pixelHeight
  const context = canvas.getContext('2d')
  context?.setTransform(ratio, 0, 0, ratio, 0, 0)
  return context
}

/** Computed styles are not read twice in one drawing. */
function memoized(read: typeof color): typeof color {
  const known = new Map<string, string>()
  return (token) => {
    const value = known.get(token) ?? read(token)
    known.set(token, value)
    return value
  }
}

function reading(
  at: number,
  seconds: readonly number[],
  lines: readonly Line[],
  values: readonly Column[],
  format: (value: number) => string,
): string {
  const parts = lines.map((line, i) => {
    const value = values[i][at] ?? null
    return `${line.label} ${value === null ? 'unknown' : format(value)}`
  })
  return `${formatClock(seconds[at])}: ${parts.join(', ')}`
}
