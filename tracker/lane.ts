import type { BatchHeader } from '@sightline/protocol/batch-encoder'

/**
 * One document's own sequence of batches within one session, as the headers of its batches tell it: the last `seq`, the
 * events sealed so far (`ev0` of the next batch), and what it knows of its losses.
 */
export type Lane = Pick<BatchHeader, 'lane' | 'seq' | 'ev0' | 'lostRing' | 'lostRefused' | 'thinned'>

export function newLane(): Lane {
  // 32 random bits are enough to tell the documents of one session apart.
  const lane = Math.floor(Math.random() * 2 ** 32)
  return { lane, seq: 0, ev0: 0, lostRing: 0, lostRefused: 0, thinned: 0 }
}
