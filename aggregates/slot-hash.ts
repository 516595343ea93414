/** Drawn by each process for itself: nobody outside can choose keys that fall into the same slots. */
const seed = (Math.random() * 2 ** 32) >>> 0

/**
 * Where a hash table begins to look for a session, or a lane of it. Both are chosen by clients: with a function that can
 * be reckoned outside, one of them could make every look-up as long as its own list of lanes. Never stored.
 */
export function slotHash(sessionHi: number, sessionLo: number, lane = 0): number {
  return mix(mix(mix(sessionHi ^ seed) ^ sessionLo) ^ lane)
}

/** Final mix of MurmurHash3. */
export function mix(word: number): number {
  let hash = word | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
