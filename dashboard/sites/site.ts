/** A site as the REST API lists it; more members may follow. */
export interface Site {
  id: number
  name: string
  writeKey: string
  origins: string[]
}

/** The site with this id, else the first; null when there is none. */
export function siteOf(sites: readonly Site[], id: number | null): Site | null {
  return sites.find((site) => site.id === id) ?? sites[0] ?? null
}
