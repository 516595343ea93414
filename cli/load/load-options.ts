import { ConfigError, type BadSetting } from '../config.ts'
import { loadSiteId } from '../ensure-sites.ts'
import { whole } from '../settings.ts'

/** What `sightline load` can be told. */
export interface LoadOptions {
  /** Events per second, over all visitors. */
  rate: number
  /** Connections; each is a visitor of its own. */
  visitors: number
  seconds: number
  /** Events per frame. */
  frame: number
  /** Site to send for; its write key is asked from the live server. */
  site: number
}

const bounds: Record<keyof LoadOptions, { least: number; most: number; usual: number }> = {
  rate: { least: 1, most: 10_000_000, usual: 10_000 },
  visitors: { least: 1, most: 20_000, usual: 200 },
  seconds: { least: 1, most: 86_400, usual: 10 },
  frame: { least: 1, most: 500, usual: 30 },
  site: { least: 1, most: 2_147_483_647, usual: loadSiteId },
}

/** Throws ConfigError with every option that is out of range. */
export function readLoadOptions(values: Record<string, string | undefined>): LoadOptions {
  const bad: BadSetting[] = []
  const options: Partial<LoadOptions> = {}
  for (const [name, { least, most, usual }] of Object.entries(bounds) as [
    keyof LoadOptions,
    (typeof bounds)['rate'],
  ][]) {
    const given = values[name]
    const parsed = whole(least, most).safeParse(given ?? String(usual))
    if (parsed.success) options[name] = parsed.data
    else
      bad.push({ name: `--${name}`, given: given ?? '', expects: `a whole number from ${least} to ${most}` })
  }
  if (bad.length > 0) throw new ConfigError(bad)
  return options as LoadOptions
}
