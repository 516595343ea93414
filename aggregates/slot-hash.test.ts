import { expect, test } from 'vitest'
import { LaneTable } from './lane-table.ts'
import { SessionActivity } from './session-activity.ts'

const count = 16_000

function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/** The least of three, so that a collection of garbage doesn't count. */
function leastCpuMs(work: () => void): number {
  return Math.min(cpuMs(work), cpuMs(work), cpuMs(work))
}

// One client could choose lanes that all fell into one slot: 16,000 of them made each look-up 200 times as long.
test('[AK5] lanes that differ in their upper bits alone are found as fast as any', () => {
  const fill = (laneOf: (k: number) => number) => () => {
    const table = new LaneTable()
    for (let k = 0; k < count; k++) if (table.find(1, 2, laneOf(k)) < 0) table.add(1, 2, laneOf(k), 1)
    expect(table.count).toBe(count)
  }
  const inTurn = leastCpuMs(fill((k) => k))
  expect(leastCpuMs(fill((k) => (k << 18) >>> 0))).toBeLessThan(4 * inTurn + 20)
})

test('[R2] so are sessions whose hashes end in the same bits', () => {
  const fill = (lowOf: (k: number) => number) => () => {
    const activity = new SessionActivity()
    for (let k = 0; k < count; k++) activity.touch(k, lowOf(k), 1_000)
    expect(activity.count).toBe(count)
  }
  const inTurn = leastCpuMs(fill((k) => k))
  expect(leastCpuMs(fill((k) => (k << 18) >>> 0))).toBeLessThan(4 * inTurn + 20)
})
