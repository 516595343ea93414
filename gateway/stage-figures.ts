import type { EventLog } from '@sightline/engine/log/event-log'
import type { DurationHistogram } from '@sightline/engine/registry/duration-histogram'
import type { ConnectionTable } from './connection-table.ts'
import type { GatewayCounters } from './gateway-counters.ts'

/** What the figures are taken from. */
export interface FigureSources {
  log: Pick<EventLog, 'pending'>
  counters: GatewayCounters
  latency: DurationHistogram
  table: ConnectionTable
}

/** Turns counters into the figures that a gateway reports of itself. */
export class StageFigures {
  private frames = 0
  private events = 0
  private atMs: number

  constructor(
    private readonly sources: FigureSources,
    nowMs: number,
  ) {
    this.atMs = nowMs
  }

  /** Figures since the call before; `nowMs` on a clock that does not step. Clears the latencies. */
  take(nowMs: number): Record<string, number> {
    const { log, counters, latency, table } = this.sources
    const seconds = Math.max(0.001, (nowMs - this.atMs) / 1_000)
    const pending = log.pending()
    const figures: Record<string, number> = {
      appendP50Ms: latency.quantileMs(0.5),
      appendP99Ms: latency.quantileMs(0.99),
      pendingRecords: pending.records,
      pendingBytes: pending.bytes,
      framesPerSecond: (counters.frames - this.frames) / seconds,
      eventsPerSecond: (counters.events - this.events) / seconds,
      connections: table.count,
      settledRecords: counters.settledRecords,
      failedRecords: counters.failedRecords,
      pauses: counters.pauses,
      refusals: total(counters.refusals),
    }
    for (const site of table.sites()) figures[`flushMs:${site.siteId}`] = site.flushMs
    latency.clear()
    this.atMs = nowMs
    this.frames = counters.frames
    this.events = counters.events
    return figures
  }
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
