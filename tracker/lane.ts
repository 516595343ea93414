/** One document's own sequence of batches within one session, and what it knows of its losses, in events. */
export interface Lane {
  /** 32 random bits: enough to tell the documents of one session apart. */
  readonly id: number
  /** Batches and events sealed so far. */
  batches: number
  events: number
  /** Pointer samples that were seen and not sealed. */
  thinned: number
  /** Dropped from the full ring, and refused for good. */
  lostRing: number
  lostRefused: number
}

export function newLane(): Lane {
  const id = Math.floor(Math.random() * 2 ** 32)
  return { id, batches: 0, events: 0, thinned: 0, lostRing: 0, lostRefused: 0 }
}
