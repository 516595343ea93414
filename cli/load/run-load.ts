import { frameTemplates } from './frame-templates.ts'
import type { WireBatch } from '../wire/tracker-socket.ts'
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

const now = () => performance.now()
const tickMs = 5
/** What a frame's events are spread over, ms, however rarely a visitor sends. */
const spanMsMax = 60_000
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
  connectMsMax = 15_000,
): Promise<LoadResult> {
  const tally = new Tally(random)
  const visitors: LoadVisitor[] = []
  for (let i = 0; i < options.visitors; i++) {
    const { ingestUrl: url, origin, site } = target
    const onLost = (code: number) => tally.lost(code)
    const onSettled = (batch: WireBatch, refusal: string | null) => tally.settled(batch, refusal)
    visitors.push(
      new LoadVisitor(site, viewports[i % viewports.length], { url, origin, now, random, onLost, onSettled }),
    )
    if (i % 200 === 199) await pause(20)
  }
  try {
    await connected(visitors, connectMsMax)
  } catch (error) {
    for (const { socket } of visitors) socket.close()
    throw error
  }

  const cpu = process.cpuUsage()
  const begin = now()
  await sendOnSchedule({ visitors, options, tally, random, onSecond, stopped })
  const seconds = (now() - begin) / 1_000
  const used = process.cpuUsage(cpu)
  await Promise.all(visitors.map((visitor) => visitor.socket.finish(settleMsMax)))
  const { sent, acknowledged, refused, refusedBy, held, frames, lostWith } = tally
  return {
    sent,
    acknowledged,
    refused,
    refusedBy,
    held,
    frames,
    lostWith,
    seconds,
    unsettled: sent - acknowledged - refused,
    eventsPerSecond: Math.round(sent / seconds),
    reconnects: visitors.reduce((sum, visitor) => sum + visitor.socket.reconnects, 0),
    acknowledgementMs: { p50: tally.latencyMs(0.5), p99: tally.latencyMs(0.99) },
    cpuSeconds: (used.user + used.system) / 1e6,
  }
}

interface Sending {
  visitors: readonly LoadVisitor[]
  options: LoadOptions
  tally: Tally
  random: () => number
  onSecond: ((sent: number, acknowledged: number) => void) | undefined
  stopped: () => boolean
}

/** Sends what is due by the clock, however long the last turn took. */
async function sendOnSchedule({
  visitors,
  options,
  tally,
  random,
  onSecond,
  stopped,
}: Sending): Promise<void> {
  const frameRate = options.rate / options.frame
  const spanMs = Math.min((1_000 * options.visitors) / frameRate, spanMsMax)
  const templates = frameTemplates(60, options.frame, spanMs, random)
  const begin = now()
  const end = begin + options.seconds * 1_000
  let due = 0
  let second = 1
  while (now() < end && !stopped()) {
    const wanted = ((now() - begin) / 1_000) * frameRate
    const epochMs = Date.now() - Math.round(spanMs)
    for (; due < wanted; due++) {
      const template = templates[due % templates.length]
      if (visitors[due % visitors.length].send(template, epochMs)) {
        tally.sent += template.events
        tally.frames++
      } else tally.held += template.events
    }
    if (now() - begin > second * 1_000) {
      second++
      onSecond?.(tally.sent, tally.acknowledged)
    }
    await pause(tickMs)
  }
}

/** What has come of it so far, in events unless said otherwise. */
class Tally {
  sent = 0
  acknowledged = 0
  refused = 0
  held = 0
  frames = 0
  readonly refusedBy: Record<string, number> = {}
  readonly lostWith: Record<string, number> = {}
  private readonly latencies: number[] = []
  private readonly random: () => number

  constructor(random: () => number) {
    this.random = random
  }

  settled(batch: WireBatch, refusal: string | null): void {
    if (refusal === null) this.acknowledged += batch.events
    else {
      this.refused += batch.events
      this.refusedBy[refusal] = (this.refusedBy[refusal] ?? 0) + batch.events
    }
    // A reservoir would be fairer; every frame below the bound and a random old one above it is close enough.
    const latency = now() - batch.sentMs
    if (this.latencies.length < latenciesMax) this.latencies.push(latency)
    else this.latencies[Math.floor(this.random() * latenciesMax)] = latency
  }

  lost(code: number): void {
    this.lostWith[code] = (this.lostWith[code] ?? 0) + 1
  }

  /** Quantile of the time from sending a frame to its acknowledgement, ms. */
  latencyMs(q: number): number {
    this.latencies.sort((a, b) => a - b)
    return Math.round(this.latencies[Math.floor((this.latencies.length - 1) * q)] ?? 0)
  }
}

async function connected(visitors: LoadVisitor[], msMax: number): Promise<void> {
  const until = performance.now() + msMax
  while (visitors.some((visitor) => !visitor.socket.connected)) {
    if (performance.now() > until) {
      const reason = visitors.find(({ socket }) => !socket.connected)?.socket.failure
      throw new Error(`the gateway does not accept connections${reason === undefined ? '' : `: ${reason}`}`)
    }
    await pause(10)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
