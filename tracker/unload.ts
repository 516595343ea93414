import { joinBeacon } from '@sightline/protocol/beacon'
import { limits } from '@sightline/protocol/limits'
import { newLane } from './lane.ts'
import type { Ring } from './ring.ts'
import { load, store } from './storage.ts'

/** What a batch takes beside its own bytes in a beacon. */
const lengthBytesMax = 3
/** Between stored copies, which are strings with a character of up to U+00FF for each byte. */
const separator = '…'

/**
 * The page may be gone in a moment and a socket's bytes with it: what isn't settled goes out by beacon, newest first if
 * not all fits, and a copy stays for the next page of this tab, since nobody hears whether a beacon arrived. Copies are
 * the same bytes and counted once.
 */
export function sendBeforeUnload(url: string, ring: Ring, storageKey: string): void {
  const newest: Uint8Array<ArrayBuffer>[] = []
  // Browsers take 64 KiB of beacons in all; a little is left for the page's own.
  let left = limits.unloadBytesMax
  for (const { bytes } of [...ring.batches].reverse()) {
    left -= bytes.length + lengthBytesMax
    if (left > 0) newest.unshift(bytes)
  }
  // A typed array goes without a preflight; a Blob with a type would not arrive at all.
  if (newest.length > 0) navigator.sendBeacon(url, joinBeacon(newest))
  const copies = newest.map((bytes) => String.fromCharCode(...bytes))
  store('sessionStorage', storageKey, [Date.now(), ...copies].join(separator))
}

/** Puts into the ring what the page before this one left behind, unless it is too old to be counted. Taken once. */
export function takeLeftBehind(ring: Ring, storageKey: string): void {
  const [storedMs, ...copies] = load('sessionStorage', storageKey).split(separator)
  store('sessionStorage', storageKey, '')
  if (!(Date.now() - +storedMs < limits.storedCopyAgeMsMax)) return
  for (const copy of copies) {
    const bytes = Uint8Array.from(copy, (char) => char.charCodeAt(0))
    ring.add({ bytes, events: 0, lane: newLane() })
  }
}
