/** Steps between time labels, seconds. */
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400]

/** The top of an axis that begins at 0, and where its lines lie. */
export interface ValueScale {
  top: number
  ticks: number[]
}

/**
 * Round lines for values up to `highest`, with a little room above.
 *
 * @param ceiling least value at the top
 * @param linesMax most lines above the 0
 */
export function valueScale(highest: number, ceiling: number, linesMax: number): ValueScale {
  const top = Math.max(ceiling, highest * 1.12)
  const rough = top / Math.max(1, linesMax)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step =
    [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough
  const ticks: number[] = []
  for (let value = 0; value <= top; value += step) ticks.push(value)
  return { top, ticks }
}

/** Whole steps of time between two seconds, at most `labelsMax` of them. */
export function timeTicks(from: number, to: number, labelsMax: number): { step: number; ticks: number[] } {
  const step =
    timeSteps.find((candidate) => (to - from) / candidate <= Math.max(1, labelsMax)) ??
    timeSteps[timeSteps.length - 1]
  const ticks: number[] = []
  for (let second = Math.ceil(from / step) * step; second <= to; second += step) ticks.push(second)
  return { step, ticks }
}

/** Index of the second nearest to `wanted`; null when it lies outside by more than one or there are none. */
export function nearestIndex(seconds: readonly number[], wanted: number): number | null {
  if (seconds.length === 0 || wanted < seconds[0] - 1 || wanted > seconds[seconds.length - 1] + 1) return null
  let low = 0
  let high = seconds.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (seconds[middle] < wanted) low = middle + 1
    else high = middle
  }
  return low > 0 && wanted - seconds[low - 1] < seconds[low] - wanted ? low - 1 : low
}
