import { createHash } from 'node:crypto'
import type { Engine } from '@sightline/engine/engine'
import type { Site } from '@sightline/engine/registry/registry'

export const ownSiteId = 1
export const demoSiteId = 2
export const loadSiteId = 3

type SiteEngine = Pick<Engine, 'log' | 'registry'>

/**
 * The sites that every installation has: its own, and one for `sightline load`, so that what a load sends never mixes
 * with what visitors do. Created when there is none; the own one is handed back.
 */
export async function ensureOwnSite(engine: SiteEngine): Promise<Site> {
  const { registry } = engine
  if (registry.site(loadSiteId) === undefined) await put(engine, loadSiteId, 'Load test', ['*'])
  return registry.site(ownSiteId) ?? (await put(engine, ownSiteId, 'My site', ['*']))
}

/** The demo shop's site, which allows these origins; created or changed where it isn't so. */
export async function ensureDemoSite(engine: SiteEngine, origins: string[]): Promise<Site> {
  const known = engine.registry.site(demoSiteId)
  if (known !== undefined && origins.every((origin) => known.origins.includes(origin))) return known
  return put(engine, demoSiteId, 'Demo shop', origins)
}

/**
 * The write key of a site: the one that it has, or that it will get. A function of the log, so that processes that
 * start together and each find no site make the same one. (A write key is public: it stands in the page.)
 */
export async function writeKeyOf({ registry, log }: SiteEngine, id: number): Promise<string> {
  const random = createHash('sha256')
    .update(`${await log.identity()} site ${id}`)
    .digest('hex')
    .slice(0, 24)
  return registry.site(id)?.writeKey ?? `${id}-${random}`
}

async function put(engine: SiteEngine, id: number, name: string, origins: string[]): Promise<Site> {
  const site: Site = { id, name, origins, writeKey: await writeKeyOf(engine, id), timeZone: 'UTC' }
  await engine.registry.putSite(site)
  return site
}
