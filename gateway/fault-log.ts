import type { GatewayCounters } from './gateway-counters.ts'

/** The part of a logger that is used here. */
export interface FaultLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/** ms between two lines about the same kind of thing. */
const lineMs = 10_000

/**
 * Tells in one line every ten seconds at most what clients did wrong and what the log did not take: counts by code,
 * never a line per frame, request or connection, and no stack traces.
 */
export class FaultLog {
  private before: Record<string, number> = {}
  private atMs: number

  constructor(
    private readonly counters: GatewayCounters,
    private readonly logger: FaultLogger,
    nowMs: number,
  ) {
    this.atMs = nowMs
  }

  /** Called once a second or so, on a clock that does not step. */
  tell(nowMs: number): void {
    if (nowMs - this.atMs < lineMs) return
    this.flush(nowMs)
  }

  /** The line now, if there is anything to say. */
  flush(nowMs: number): void {
    this.atMs = nowMs
    const now = faults(this.counters)
    const changed: Record<string, number> = {}
    for (const [name, count] of Object.entries(now)) {
      const more = count - (this.before[name] ?? 0)
      if (more > 0) changed[name] = more
    }
    this.before = now
    if (Object.keys(changed).length === 0) return
    const ours = 'failedRecords' in changed || 'fullLog' in changed || 'pauses' in changed
    if (ours) this.logger.warn(changed, 'the log is behind or failing; trackers keep what is not durable')
    else this.logger.info(changed, 'refused')
  }
}

function faults(counters: GatewayCounters): Record<string, number> {
  const { failedRecords, fullLog, pauses, terminated, protocolErrors, unfinishedMessages, reportsFailed } =
    counters
  const counts: Record<string, number> = {
    failedRecords,
    fullLog,
    pauses,
    terminated,
    protocolErrors,
    unfinishedMessages,
    reportsFailed,
  }
  for (const [code, count] of Object.entries(counters.refusals)) counts[`refused:${code}`] = count
  for (const [code, count] of Object.entries(counters.closures)) counts[`closed:${code}`] = count
  for (const [code, count] of Object.entries(counters.requestErrors)) counts[`request:${code}`] = count
  return counts
}
