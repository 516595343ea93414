import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import { formatClock } from '../format/times.ts'
import { useTheme } from '../theme/theme.ts'
import { type Line, plotOptions } from './plot-options.ts'
import styles from './time-series.module.css'

interface TimeSeriesProps {
  /** One sentence with the present reading, for those who can't see the drawing. */
  label: string
  /** Seconds since the epoch, ascending. */
  seconds: readonly number[]
  lines: readonly Line[]
  /** One column per line. */
  values: readonly (readonly (number | null)[])[]
  format: (value: number) => string
  /** Least value at the top of the axis. */
  ceiling: number
  /** Where the crosshair stands: an index into `seconds`, or null. */
  onCursor?: (index: number | null) => void
}

/** Lines over time, drawn by uPlot. The crosshair follows the pointer, the other charts, and the arrow keys. */
export function TimeSeries(props: TimeSeriesProps) {
  const { label, seconds, lines, values, format, onCursor } = props
  const theme = useTheme()
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  // The plot lives longer than one rendering; it reads the newest properties from here.
  const latest = useRef(props)
  latest.current = props
  const [cursor, setCursor] = useState<number | null>(null)

  useEffect(() => {
    const element = host.current
    if (element === null) return
    const { lines, format, ceiling, seconds, values } = latest.current
    const options = plotOptions(lines, format, ceiling)
    options.hooks = { setCursor: [(chart) => setCursor(chart.cursor.idx ?? null)] }
    const chart = new uPlot(options, columns(seconds, values), element)
    plot.current = chart
    const observer = new ResizeObserver(() => {
      chart.setSize({ width: Math.max(80, element.clientWidth), height: Math.max(60, element.clientHeight) })
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
      plot.current = null
    }
  }, [theme])

  useEffect(() => plot.current?.setData(columns(seconds, values)), [seconds, values])
  useEffect(() => onCursor?.(cursor), [cursor, onCursor])

  const last = Math.max(0, seconds.length - 1)
  const at = Math.min(cursor ?? last, last)
  return (
    <div className={styles.chart}>
      <div ref={host} className={styles.plot} role="img" aria-label={label} />
      <input
        type="range"
        className={styles.slider}
        aria-label={`${lines.map((line) => line.label).join(', ')} by second`}
        aria-valuetext={seconds.length === 0 ? 'no data' : reading(at, seconds, lines, values, format)}
        min={0}
        max={last}
        value={at}
        onChange={(event) => moveTo(plot.current, Number(event.target.value))}
        onBlur={() => plot.current?.setCursor({ left: -10, top: -10 })}
      />
    </div>
  )
}

function reading(
  at: number,
  seconds: readonly number[],
  lines: readonly Line[],
  values: readonly (readonly (number | null)[])[],
  format: (value: number) => string,
): string {
  const parts = lines.map((line, i) => `${line.label} ${values[i][at] === null ? 'unknown' : format(values[i][at] ?? 0)}`)
  return `${formatClock(seconds[at])}: ${parts.join(', ')}`
}

function moveTo(chart: uPlot | null, index: number): void {
  if (chart === null) return
  chart.setCursor({ left: chart.valToPos(chart.data[0][index], 'x'), top: chart.over.clientHeight / 2 })
}

function columns(seconds: readonly number[], values: readonly (readonly (number | null)[])[]): uPlot.AlignedData {
  return [seconds, ...values] as uPlot.AlignedData
}
