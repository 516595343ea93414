/**
 * The registry of refusals and close codes. Codes are never reused; docs/errors.md lists the same set and a
 * check compares the two.
 */

/** Refusals of one batch, for good: the tracker frees the batch and counts its events as refused. */
export const refusals = {
  malformed: 'The bytes are not a valid batch (lengths, types, ranges, columns, UTF-8, time).',
  'too-large': 'The batch is larger than the limit.',
  'too-old': 'The events are older than the duplicate horizon allows.',
  'unknown-site': 'The batch names another site than the write key of its connection.',
  origin: 'The page that sends is not among the origins of the site.',
  'server-field': 'The batch carries a field that is reserved for the server side.',
} as const
export type Refusal = keyof typeof refusals

/** Conditions that end a connection for now: the tracker keeps its batches and comes back after the delay. */
export const closures = {
  retry: { code: 1013, meaning: 'The log does not take records at present; come back after the delay.' },
  rate: { code: 4008, meaning: 'More connections or frames than the limit; come back after the delay.' },
  closing: { code: 1012, meaning: 'This gateway is restarting; reconnect to any.' },
  policy: { code: 1008, meaning: 'Too many refused batches or an unexpected frame on one connection.' },
  'frame-too-large': { code: 1009, meaning: 'A frame beyond the limit; it was not read.' },
  slow: { code: 4009, meaning: 'The viewer did not keep up; reconnect with the cursor.' },
  unauthorized: { code: 4001, meaning: 'The viewer has no valid token.' },
} as const
export type Closure = keyof typeof closures
