import type { Registry, Site } from '@sightline/engine/registry/registry'
import { limits } from '@sightline/protocol/limits'
import { refusal, type RequestRefusal } from './request-error.ts'

/** The site that may send, or why nobody may. */
export type Allowed = { site: Site } | { refused: RequestRefusal }

/**
 * Finds the site of a request's write key (`?key=`) and checks that the page that asks belongs to it. `origin` is the
 * Origin header; a request without one is allowed only where any origin is.
 */
export function siteOfRequest(registry: Registry, url: URL, origin: string | undefined): Allowed {
  const keys = url.searchParams.getAll('key')
  if (keys.length !== 1) return { refused: refusal('bad-request', 'Exactly one write key is needed: ?key=…') }
  const key = keys[0]
  const site = key.length > limits.writeKeyCharactersMax ? undefined : registry.siteByKey(key)
  if (site === undefined) return { refused: refusal('unknown-key') }
  if (!allowsOrigin(site, origin)) return { refused: refusal('origin-refused') }
  return { site }
}

function allowsOrigin(site: Site, origin: string | undefined): boolean {
  return site.origins.includes('*') || (origin !== undefined && site.origins.includes(origin))
}

const ownOrigin = 'http://gateway'

/**
 * The URL of a request line's target, or null when it is none of ours: `//host/ingest` names another host. Only path
 * and query are of use.
 */
export function requestUrl(target: string | undefined): URL | null {
  const url = target?.startsWith('/') ? URL.parse(target, ownOrigin) : null
  return url?.origin === ownOrigin ? url : null
}
