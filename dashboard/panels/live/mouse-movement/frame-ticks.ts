/** Heights, px of the page, at which lines are drawn across its frame: round numbers, three to eight of them. */
export function frameTicks(heightPx: number): number[] {
  if (!(heightPx > 0)) return []
  const steps = [50, 100, 200, 250, 500, 1_000, 2_000, 2_500, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000]
  const step = steps.find((candidate) => heightPx / candidate <= 7) ?? steps[steps.length - 1]
  const ticks: number[] = []
  for (let y = step; y < heightPx * 0.98; y += step) ticks.push(y)
  return ticks
}
