import { joinBeacon } from '@sightline/protocol/beacon'
import { limits } from '@sightline/protocol/limits'
import { newLane } from './lane.ts'
import type { Ring, SealedBatch } from './ring.ts'
import { load, store } from './storage.ts'

/** Between stored copies and the times they were sealed. A copy has a character of up to U+00FF for each byte. */
const separator = '…'

/**
 * The page may be gone in a moment and a socket's bytes with it: what isn't settled goes out by beacon, newest first if
 * not all fits, and a copy stays for the next page of this tab, since nobody hears whether a beacon arrived. Copies are
 * the same bytes and counted once.
 */
export function sendBeforeUnload(url: string, ring: Ring, storageKey: string): void {
  const newest: SealedBatch[] = []
  // Browsers take 64 KiB of beacons in all; a little is left for lengths, and for the page's own.
  let left = limits.unloadBytesMax
  for (const batch of [...ring.batches].reverse()) {
    left -= batch.bytes.length
    if (left > 0) newest.unshift(batch)
  }
  // A typed array goes without a preflight; a Blob with a type would not arrive at all.
  if (newest.length > 0) navigator.sendBeacon(url, joinBeacon(newest.map(({ bytes }) => bytes)))
  const copies = newest.flatMap(({ sealedMs, bytes }) => [sealedMs, String.fromCharCode(...bytes)])
  store('sessionStorage', storageKey, copies.join(separator))
}

/**
 * Puts into the ring what the page before this one left behind, unless it is too old to be counted: however many pages
 * it has been carried through. Taken once.
 */
export function takeLeftBehind(ring: Ring, storageKey: string): void {
  const copies = load('sessionStorage', storageKey).split(separator)
  store('sessionStorage', storageKey, '')
  for (let i = 1; i < copies.length; i += 2) {
    const sealedMs = +copies[i - 1]
    if (!(Date.now() - sealedMs < limits.storedCopyAgeMsMax)) continue
    const bytes = Uint8Array.from(copies[i], (char) => char.charCodeAt(0))
    ring.add({ bytes, events: 0, lane: newLane(), sealedMs })
  }
}
