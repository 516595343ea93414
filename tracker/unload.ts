import { joinBeacon } from '@sightline/protocol/beacon'
import { limits } from '@sightline/protocol/limits'
import type { Ring, SealedBatch } from './ring.ts'
import { load, store } from './storage.ts'

/** Browsers take 64 KiB of beacons in all; a little is left for the page's own. */
const beaconBytesMax = 60_000

/**
 * The page may be gone in a moment and a socket's bytes with it: what isn't settled goes out by beacon, newest first if
 * not all fits, and a copy stays for the next page of this tab, since nobody hears whether a beacon arrived. Copies are
 * the same bytes and counted once.
 */
export function sendBeforeUnload(url: string, ring: Ring, nowMs: number): void {
  const newest: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  for (const { bytes: batch } of ring.all().reverse()) {
    if ((bytes += batch.length + 3) > beaconBytesMax) break
    newest.unshift(batch)
  }
  // A typed array goes without a preflight; a Blob with a type would not arrive at all.
  if (newest.length > 0) navigator.sendBeacon(url, joinBeacon(newest))
  const copies = newest.map((batch) => btoa(String.fromCharCode(...batch)))
  store('sessionStorage', 'unsettled', [nowMs, ...copies].join(' '))
}

/** What the page before this one left behind, unless it is too old to be counted. Taken once. */
export function takeLeftBehind(nowMs: number): SealedBatch[] {
  const [storedMs, ...copies] = load('sessionStorage', 'unsettled').split(' ')
  store('sessionStorage', 'unsettled', '')
  if (nowMs - +storedMs > limits.storedCopyAgeMsMax) return []
  return copies.map((copy) => ({ bytes: Uint8Array.from(atob(copy), (c) => c.charCodeAt(0)), events: 0 }))
}
