import { setTimeout as sleep } from 'node:timers/promises'
import { runLoad, type LoadResult } from '@sightline/cli/load/run-load'
import type { Ledger } from '@sightline/protocol/live-frames'
import { exactnessFaults, type SentEvents } from '../ledger/exactness.ts'
import type { Installation } from '../installation/installation.ts'

export interface Load {
  eventsPerSecond: number
  visitors?: number
  /** Which of the gateways. */
  gateway?: number
}

const siteId = 1
const eventsPerFrame = 30
const loadSecondsMax = 60
const pollMs = 20

/** How far a load is, brought up to date each second. */
export class LoadProgress {
  sent = 0
  acknowledged = 0

  /** Resolves when so many more events than now are acknowledged. */
  async acknowledgedMore(events: number, msMax = 30_000): Promise<void> {
    const wanted = this.acknowledged + events
    const until = performance.now() + msMax
    while (this.acknowledged < wanted) {
      if (performance.now() > until)
        throw new Error(`${this.acknowledged} acknowledged after ${msMax} ms, not ${wanted}`)
      await sleep(pollMs)
    }
  }
}

/**
 * Sends load to site 1 while something is done to the installation, until that is done. Resolves when everything sent
 * is settled, or the senders gave up.
 */
export async function loadThrough(
  installation: Installation,
  load: Load,
  meanwhile: (progress: LoadProgress) => Promise<void>,
): Promise<LoadResult> {
  const { eventsPerSecond: rate, visitors = 200, gateway = 0 } = load
  const ingestUrl = await installation.ingestUrl(siteId, gateway)
  const progress = new LoadProgress()
  let over = false
  const sent = runLoad(
    { ingestUrl, origin: installation.gatewayUrls[gateway], site: siteId },
    { rate, visitors, seconds: loadSecondsMax, frame: eventsPerFrame, site: siteId },
    Math.random,
    (sent, acknowledged) => Object.assign(progress, { sent, acknowledged }),
    () => over,
  )
  const disturbed = meanwhile(progress).finally(() => (over = true))
  const [result] = await Promise.all([sent, disturbed])
  return result
}

/** What a live server shows of site 1, once that has come to rest. */
export async function shownBy(installation: Installation, events: SentEvents, live = 0, quietMs = 12_000) {
  const ledger = await installation.settledLedger(events.acknowledged, { live, quietMs })
  const totals = `/api/v1/sites/${siteId}/totals`
  const { events: series } = await installation.get<{ events: number }>(totals, live)
  return { ledger, series }
}

/** Faults of exactness as a live server shows them, when everything has come to rest. */
export async function faultsShown(
  installation: Installation,
  events: SentEvents,
  live = 0,
  quietMs?: number,
): Promise<{ faults: string[]; ledger: Ledger }> {
  const shown = await shownBy(installation, events, live, quietMs)
  return { faults: exactnessFaults(events, shown), ledger: shown.ledger }
}
