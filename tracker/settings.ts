/** What a page says when it starts the tracker. */
export interface TrackerSettings {
  /** The site's write key: `<site id>-<letters and digits>`. */
  key: string
  /** Origin of the gateway, such as `https://events.example`; the script tag's own origin unless given. */
  host: string
}

/** The site id at the front of a write key; NaN when there is none. */
export function siteOf(key: string): number {
  return Number.parseInt(key, 10)
}
