import { randomBytes } from 'node:crypto'
import type { Registry, Site } from '@sightline/engine/registry/registry'

export const ownSiteId = 1
export const demoSiteId = 2

/** Creates the installation's own site when there is none, and the demo shop's when it is wanted. */
export async function ensureSites(registry: Registry, demoOrigins: string[] | null): Promise<{ own: Site; demo: Site | null }> {
  const own = registry.site(ownSiteId) ?? (await create(registry, ownSiteId, 'My site', ['*']))
  if (demoOrigins === null) return { own, demo: null }
  const known = registry.site(demoSiteId)
  if (known !== undefined && demoOrigins.every((origin) => known.origins.includes(origin))) return { own, demo: known }
  const demo = await create(registry, demoSiteId, 'Demo shop', demoOrigins, known?.writeKey)
  return { own, demo }
}

async function create(registry: Registry, id: number, name: string, origins: string[], writeKey?: string): Promise<Site> {
  const site: Site = {
    id,
    name,
    origins,
    writeKey: writeKey ?? `${id}-${randomBytes(12).toString('hex')}`,
    timeZone: 'UTC',
  }
  await registry.putSite(site)
  return site
}
