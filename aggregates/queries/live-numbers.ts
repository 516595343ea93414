import type { Numbers, RingSecond } from '@sightline/protocol/live-frames'
import { limits } from '@sightline/protocol/limits'
import { Histogram } from '../histogram.ts'
import type { PartitionState } from '../partition-state.ts'
import { idleSeconds, ring, RingRow, type RingCell } from '../ring.ts'
import { siteLedger } from './site-ledger.ts'

/** Seconds over which rates and lag are taken. */
const meanSeconds = 5

/** A session whose gateway's clock runs ahead of ours counts as active too, up to this far. */
const aheadSeconds = limits.lateRecordMsMax / 1_000

function cellsOf(states: readonly PartitionState[], site: number): RingCell[] {
  return states.map((state) => state.store(ring).cell(`${site}`)).filter((cell) => cell !== undefined)
}

/** One second over all partitions. */
function rowAt(cells: readonly RingCell[], second: number): RingRow {
  const sum = new RingRow()
  for (const cell of cells) {
    const row = cell.rows.get(second)
    if (row !== undefined) sum.add(row)
  }
  return sum
}

/** Sessions with a record within `sessionIdleMs` before the end of `nowSecond`. Exact. */
export function activeSessions(states: readonly PartitionState[], site: number, nowSecond: number): number {
  return activeAt(cellsOf(states, site), nowSecond)
}

function activeAt(cells: readonly RingCell[], nowSecond: number): number {
  let active = 0
  for (const cell of cells) {
    for (const [second, row] of cell.rows) {
      if (second > nowSecond - idleSeconds && second <= nowSecond + aheadSeconds) active += row.last
    }
  }
  return active
}

/**
 * The seconds from `fromSecond` to `toSecond` (both included, at most `ringSeconds`), one row each, ascending.
 * `nowSecond` is the present second, from which active sessions are reckoned backwards.
 */
export function ringSeconds(
  states: readonly PartitionState[],
  site: number,
  fromSecond: number,
  toSecond: number,
  nowSecond: number,
): RingSecond[] {
  const cells = cellsOf(states, site)
  const active = activeBackTo(cells, fromSecond, nowSecond)
  const list: RingSecond[] = []
  for (let second = fromSecond; second <= toSecond; second++) {
    const row = rowAt(cells, second)
    list.push({
      second,
      moves: row.moves,
      clicks: row.clicks,
      scrolls: row.scrolls,
      marks: row.marks,
      handP50Ms: row.latency.quantile(0.5),
      handP99Ms: row.latency.quantile(0.99),
      activeSessions: active.get(second) ?? 0,
    })
  }
  return list
}

/** Active sessions at each second back to `fromSecond`: ring.ts says why this is exact. */
function activeBackTo(
  cells: readonly RingCell[],
  fromSecond: number,
  nowSecond: number,
): Map<number, number> {
  let newest = nowSecond
  for (const cell of cells) {
    for (const second of cell.rows.keys())
      if (second <= nowSecond + aheadSeconds) newest = Math.max(newest, second)
  }
  const active = new Map<number, number>()
  let count = activeAt(cells, newest)
  for (let second = newest; second >= fromSecond; second--) {
    active.set(second, count)
    for (const { rows } of cells)
      count += (rows.get(second - idleSeconds)?.last ?? 0) - (rows.get(second)?.started ?? 0)
  }
  return active
}

/**
 * The six numbers of a site. Rates and lag are those of the last five whole seconds; the lag is hand to gateway, to which
 * the caller adds what comes behind.
 */
export function liveNumbers(states: readonly PartitionState[], site: number, nowMs: number): Numbers {
  const cells = cellsOf(states, site)
  const nowSecond = Math.floor(nowMs / 1_000)
  const latency = new Histogram()
  let events = 0
  let clicks = 0
  for (let second = nowSecond - meanSeconds; second < nowSecond; second++) {
    const row = rowAt(cells, second)
    events += row.events
    clicks += row.clicks
    latency.merge(row.latency)
  }
  const ledger = siteLedger(states, site)
  return {
    activeSessions: activeAt(cells, nowSecond),
    eventsPerSecond: events / meanSeconds,
    clicksPerSecond: clicks / meanSeconds,
    lagP50Ms: latency.quantile(0.5),
    lagP99Ms: latency.quantile(0.99),
    lostEvents: ledger.lost,
    sealedEvents: ledger.sealed,
    countedEvents: ledger.counted,
  }
}
