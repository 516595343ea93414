import { limits } from '@sightline/protocol/limits'
import type { Site } from './registry.ts'

/** What makes a site valid: the same for every registry, checked before anything is stored. */

const siteIdMax = 2_147_483_647
const randomPart = /^[A-Za-z0-9]{16,}$/

/**
 * Refuses a site that is invalid, that changes what is fixed, or that is one too many.
 * @param site what is to be stored
 * @param stored the site of this id at present
 * @param count number of sites at present
 * @throws RangeError naming the field and what it should be
 */
export function checkSite(site: Site, stored: Site | undefined, count: number): void {
  if (!Number.isInteger(site.id) || site.id < 1 || site.id > siteIdMax) {
    throw new RangeError(`site id ${site.id}: must be an integer from 1 to ${siteIdMax}`)
  }
  if (site.name === '' || Buffer.byteLength(site.name) > limits.siteNameBytesMax) {
    throw new RangeError(
      `name of site ${site.id}: must have 1 to ${limits.siteNameBytesMax} bytes (siteNameBytesMax)`,
    )
  }
  checkWriteKey(site)
  checkOrigins(site)
  checkTimeZone(site, stored)
  if (stored === undefined && count >= limits.sitesMax) {
    throw new RangeError(`site ${site.id}: there are ${count} sites, no more are taken (sitesMax)`)
  }
}

/** A copy that later changes of the caller's object don't reach. */
export function copySite(site: Site): Site {
  return {
    id: site.id,
    name: site.name,
    writeKey: site.writeKey,
    origins: [...site.origins],
    timeZone: site.timeZone,
  }
}

function checkWriteKey(site: Site): void {
  const prefix = `${site.id}-`
  const random = site.writeKey.slice(prefix.length)
  const valid = site.writeKey.startsWith(prefix) && randomPart.test(random)
  if (!valid || site.writeKey.length > limits.writeKeyBytesMax) {
    throw new RangeError(
      `write key of site ${site.id}: must be ${prefix} and 16 or more letters and digits, ` +
        `at most ${limits.writeKeyBytesMax} in all (writeKeyBytesMax)`,
    )
  }
}

function checkOrigins(site: Site): void {
  if (site.origins.length > limits.originsPerSiteMax) {
    throw new RangeError(
      `origins of site ${site.id}: at most ${limits.originsPerSiteMax} (originsPerSiteMax)`,
    )
  }
  for (const origin of site.origins) {
    if (origin === '*') continue
    const short = Buffer.byteLength(origin) <= limits.originBytesMax
    if (!short || !URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new RangeError(
        `origin ${JSON.stringify(origin.slice(0, 100))} of site ${site.id}: must be * or like https://shop.example, ` +
          `without path, at most ${limits.originBytesMax} bytes (originBytesMax)`,
      )
    }
  }
}

function checkTimeZone(site: Site, stored: Site | undefined): void {
  if (stored !== undefined && stored.timeZone !== site.timeZone) {
    throw new RangeError(`time zone of site ${site.id}: fixed at creation (${stored.timeZone})`)
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: site.timeZone })
  } catch {
    throw new RangeError(
      `time zone of site ${site.id}: ${JSON.stringify(site.timeZone)} is not an IANA time zone`,
    )
  }
}
