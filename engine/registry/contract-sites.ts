import type { Site } from './registry.ts'

/** A valid site. */
export function siteOf(id: number, changes: Partial<Site> = {}): Site {
  return {
    id,
    name: `Shop ${id}`,
    writeKey: `${id}-abcdefghijklmnop`,
    origins: [`https://shop-${id}.example`],
    timeZone: 'Europe/Berlin',
    ...changes,
  }
}

/** Resolves as soon as `reached()` is true; rejects after `limitMs`. */
export async function until(
  what: string,
  reached: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await reached())) {
    if (performance.now() > deadline) throw new Error(`after ${limitMs} ms still not: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
