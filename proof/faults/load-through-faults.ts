import { runLoad, type LoadResult } from '@sightline/cli/load/run-load'
import type { Ledger } from '@sightline/protocol/live-frames'
import { exactnessFaults, type SentEvents } from '../ledger/exactness.ts'
import type { Installation } from '../installation/installation.ts'

export interface Load {
  eventsPerSecond: number
  seconds: number
  visitors?: number
  /** Which of the gateways. */
  gateway?: number
}

const siteId = 1
const eventsPerFrame = 30

/** Sends load to site 1, and does something to the installation meanwhile. Resolves when everything sent is settled. */
export async function loadThrough(
  installation: Installation,
  load: Load,
  meanwhile: () => Promise<void> = async () => {},
): Promise<LoadResult> {
  const { eventsPerSecond: rate, seconds, visitors = 200, gateway = 0 } = load
  const ingestUrl = await installation.ingestUrl(siteId, gateway)
  const target = { ingestUrl, origin: installation.gatewayUrls[gateway], site: siteId }
  let over = false
  const sent = runLoad(
    target,
    { rate, visitors, seconds, frame: eventsPerFrame, site: siteId },
    Math.random,
    undefined,
    () => over,
  )
  // What fails meanwhile ends the load, so that the failure is told and not a time-out.
  const disturbed = meanwhile().catch((error: unknown) => {
    over = true
    throw error
  })
  const [result] = await Promise.all([sent, disturbed])
  return result
}

/** What a live server shows of site 1, once that has come to rest. */
export async function shownBy(installation: Installation, events: SentEvents, live = 0, quietMs = 12_000) {
  const ledger = await installation.settledLedger(events.acknowledged, { live, quietMs })
  const { events: series } = await installation.get<{ events: number }>(
    `/api/v1/sites/${siteId}/totals`,
    live,
  )
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
