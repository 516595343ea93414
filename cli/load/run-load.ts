import { frameTemplates } from './frame-templates.ts'
import { LoadVisitor } from './load-visitor.ts'
import type { LoadOptions } from './load-options.ts'

/** What came of it, in events unless said otherwise. */
export interface LoadResult {
  seconds: number
  sent: number
  acknowledged: number
  refused: number
  refusedBy: Record<string, number>
  /** Sent and neither acknowledged nor refused when the load gave up waiting. */
  unsettled: number
  /** What the schedule asked for and visitors with too much under way did not take. */
  held: number
  frames: number
  eventsPerSecond: number
  reconnects: number
  /** How many connections were lost, by close code; 1006 = without one, or not opened at all. */
  lostWith: Record<string, number>
  /** From sending a frame to its acknowledgement, ms; acknowledgements come once a second or every 32 frames. */
  acknowledgementMs: { p50: number; p99: number }
  cpuSeconds: number
}

export interface LoadTarget {
  ingestUrl: string
  origin: string
  site: number
}

const tickMs = 5
const settleMsMax = 30_000
const latenciesMax = 100_000
const viewports = [390, 820, 1_440, 1_440, 1_440, 2_200]

/**
 * Sends `rate` events per second for `seconds`, spread evenly over time and visitors (an open loop: what a slow server
 * delays piles up and is seen), then waits for what is under way. `onSecond` is told the running totals.
 */
export async function runLoad(
  target: LoadTarget,
  options: LoadOptions,
  random: () => number,
  onSecond?: (sent: number, acknowledged: number) => void,
  stopped: () => boolean = () => false,
): Promise<LoadResult> {
  const now = () => performance.now()
  const result = { sent: 0, acknowledged: 0, refused: 0, held: 0, frames: 0, refusedBy: {} as Record<string, number>, lostWith: {} as Record<string, number> }
  const latencies: number[] = []
  const visitors: LoadVisitor[] = []
  for (let i = 0; i < options.visitors; i++) {
    visitors.push(
      new LoadVisitor(target.site, viewports[i % viewports.length], {
        url: target.ingestUrl,
        origin: target.origin,
        now,
        random,
        onLost: (code) => (result.lostWith[code] = (result.lostWith[code] ?? 0) + 1),
        onSettled(batch, refusal) {
          if (refusal === null) result.acknowledged += batch.events
          else {
            result.refused += batch.events
            result.refusedBy[refusal] = (result.refusedBy[refusal] ?? 0) + batch.events
          }
          // A reservoir would be fairer; every frame below the bound and a random old one above it is close enough.
          const latency = now() - batch.sentMs
          if (latencies.length < latenciesMax) latencies.push(latency)
          else latencies[Math.floor(random() * latenciesMax)] = latency
        },
      }),
    )
    if (i % 200 === 199) await pause(20)
  }
  await connected(visitors)

  const frameRate = options.rate / options.frame
  const spanMs = (1_000 * options.visitors) / frameRate
  const templates = frameTemplates(60, options.frame, Math.min(spanMs, 60_000), random)
  const cpu = process.cpuUsage()
  const begin = now()
  const end = begin + options.seconds * 1_000
  let due = 0
  let second = 1
  while (now() < end && !stopped()) {
    const wanted = ((now() - begin) / 1_000) * frameRate
    const epochMs = Date.now() - Math.round(Math.min(spanMs, 60_000))
    for (; due < wanted; due++) {
      const template = templates[due % templates.length]
      if (visitors[due % visitors.length].send(template, epochMs)) {
        result.sent += template.events
        result.frames++
      } else result.held += template.events
    }
    if (now() - begin > second * 1_000) {
      second++
      onSecond?.(result.sent, result.acknowledged)
    }
    await pause(tickMs)
  }
  const seconds = (now() - begin) / 1_000
  const used = process.cpuUsage(cpu)
  await Promise.all(visitors.map((visitor) => visitor.socket.finish(settleMsMax)))
  latencies.sort((a, b) => a - b)
  const quantile = (q: number) => Math.round(latencies[Math.floor((latencies.length - 1) * q)] ?? 0)
  return {
    ...result,
    seconds,
    unsettled: result.sent - result.acknowledged - result.refused,
    eventsPerSecond: Math.round(result.sent / seconds),
    reconnects: visitors.reduce((sum, visitor) => sum + visitor.socket.reconnects, 0),
    acknowledgementMs: { p50: quantile(0.5), p99: quantile(0.99) },
    cpuSeconds: (used.user + used.system) / 1e6,
  }
}

async function connected(visitors: LoadVisitor[]): Promise<void> {
  const until = performance.now() + 15_000
  while (visitors.some((visitor) => !visitor.socket.connected)) {
    if (performance.now() > until) throw new Error('the gateway does not accept connections')
    await pause(10)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
