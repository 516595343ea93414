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

/** Answers to HTTP requests that are not done, with their status; the body is `{"error": <code>, "message": …}`. */
export const requestErrors = {
  'bad-request': { status: 400, meaning: 'The request is not one this address understands.' },
  refused: { status: 400, meaning: 'Batches of the beacon are refused for good; the others are durable.' },
  'unknown-key': { status: 401, meaning: 'No site has this write key.' },
  'no-token': {
    status: 401,
    meaning: 'The request does not bring the admin token: send it as a bearer token, or sign in.',
  },
  'host-refused': {
    status: 403,
    meaning: 'Without an admin token this server answers only under a name of this machine.',
  },
  'origin-refused': { status: 403, meaning: 'The page that asks is not among the origins that may.' },
  'not-found': { status: 404, meaning: 'There is nothing at this address.' },
  timeout: { status: 408, meaning: 'The request was not complete in time.' },
  'body-too-large': { status: 413, meaning: 'The body is larger than the limit.' },
  'headers-too-large': { status: 431, meaning: 'The headers are larger than the limit.' },
  'too-many': { status: 429, meaning: 'More connections than the limit; come back after the delay.' },
  internal: { status: 500, meaning: 'A fault of this server; its log says more.' },
  unavailable: { status: 503, meaning: 'This server can’t do that at present; come back after the delay.' },
} as const
export type RequestError = keyof typeof requestErrors
