import type { StageReport } from '@sightline/engine/registry/registry'
import type { StageState } from '@sightline/protocol/live-frames'

/**
 * How long data waits in each stage, from the stages' own reports: of several processes the slowest p50 and p99, and
 * the sum of their queues.
 */
export function stageStates(
  reports: readonly StageReport[],
  hand: { p50Ms: number | null; p99Ms: number | null },
): StageState[] {
  const of = (stage: StageReport['stage']) => reports.filter((report) => report.stage === stage)
  const gateways = of('gateway')
  const processors = of('processor')
  const lives = of('live')
  return [
    { stage: 'hand', ...hand, queue: null, instances: 0 },
    {
      stage: 'gateway',
      p50Ms: worst(gateways, 'appendP50Ms'),
      p99Ms: worst(gateways, 'appendP99Ms'),
      queue: sum(gateways, 'pendingRecords'),
      instances: gateways.length,
    },
    {
      // From the gateway's receipt to the processor's: what the append took of it is the gateway's.
      stage: 'log',
      p50Ms: less(worst(processors, 'logP50Ms'), worst(gateways, 'appendP50Ms')),
      p99Ms: less(worst(processors, 'logP99Ms'), worst(gateways, 'appendP99Ms')),
      queue: null,
      instances: processors.length,
    },
    {
      stage: 'processor',
      p50Ms: worst(processors, 'waitP50Ms'),
      p99Ms: worst(processors, 'waitP99Ms'),
      queue: null,
      instances: processors.length,
    },
    {
      stage: 'store',
      p50Ms: worst(processors, 'commitP50Ms'),
      p99Ms: worst(processors, 'commitP99Ms'),
      queue: null,
      instances: processors.length,
    },
    {
      stage: 'live',
      p50Ms: worst(lives, 'frameWaitP50Ms'),
      p99Ms: worst(lives, 'frameWaitP99Ms'),
      queue: null,
      instances: lives.length,
    },
  ]
}

/** The flush interval that gateways ask of a site's trackers; the longest of several. */
export function flushMsOf(reports: readonly StageReport[], site: number): number | null {
  return worst(reports, `flushMs:${site}`)
}

function worst(reports: readonly StageReport[], figure: string): number | null {
  const values = reports.map((report) => report.figures[figure]).filter((value) => value !== undefined)
  return values.length === 0 ? null : Math.max(...values)
}

function less(whole: number | null, part: number | null): number | null {
  return whole === null || part === null ? null : Math.max(0, whole - part)
}

function sum(reports: readonly StageReport[], figure: string): number | null {
  if (reports.length === 0) return null
  return reports.reduce((total, report) => total + (report.figures[figure] ?? 0), 0)
}
