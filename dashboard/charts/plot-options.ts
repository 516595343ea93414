import type uPlot from 'uplot'
import { formatClock } from '../format/times.ts'
import { color, type ColorToken, withOpacity } from '../theme/colors.ts'

export interface Line {
  label: string
  color: ColorToken
  /** Opacity of the area below the line; 0 = none. */
  fill?: number
  dashed?: boolean
}

/** All time series of the page share the crosshair. */
export const crosshairKey = 'live'
/** The axis never shows less than this, so that the first seconds do not look like a trend. */
export const windowSecondsMin = 60

const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300]
const axisFont = '11px "Geist Mono Variable", ui-monospace, monospace'

/** Hours and minutes; seconds too where the steps are shorter than a minute. */
function timeLabels(_: uPlot, seconds: number[], __: number, ___: number, step: number): string[] {
  return seconds.map((second) => (step >= 60 ? formatClock(second).slice(0, 5) : formatClock(second)))
}

/** uPlot's options in the colours of the theme shown now. @param ceiling least value at the top of the axis */
export function plotOptions(lines: readonly Line[], format: (value: number) => string, ceiling: number): uPlot.Options {
  const grid = { stroke: color('line'), width: 1 }
  const axis = { stroke: color('faint'), font: axisFont, ticks: { show: false } }
  return {
    width: 100,
    height: 100,
    padding: [8, 14, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: crosshairKey, setSeries: false, scales: ['x', null] }, y: false, points: { size: 7 }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: (_, low, high) => [Math.min(low, high - windowSecondsMin), high] },
      y: { range: (_, __, high) => [0, Math.max(ceiling, (high ?? 0) * 1.12)] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 24, gap: 6, space: 74, incrs: timeSteps, values: timeLabels },
      { ...axis, grid, size: 46, gap: 6, space: 34, values: (_, values) => values.map(format) },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.label,
        stroke: color(line.color),
        width: 1.5,
        points: { show: false },
        spanGaps: false,
        ...(line.dashed === true ? { dash: [3, 3] } : {}),
        ...(line.fill === undefined ? {} : { fill: withOpacity(color(line.color), line.fill) }),
      })),
    ],
  }
}
