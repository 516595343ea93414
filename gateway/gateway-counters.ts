import type { Closure, Refusal, RequestError } from '@sightline/protocol/errors'

/** How often something happened since the start. Plain numbers: the hot path adds to them. */
export interface GatewayCounters {
  frames: number
  frameBytes: number
  /** Events of admitted batches. */
  events: number
  /** Records that the log made durable, and appends that ended with an error. */
  settledRecords: number
  failedRecords: number
  /** Appends that the log did not take. */
  fullLog: number
  acknowledgements: number
  connectionsOpened: number
  connectionsClosed: number
  /** Times at which reading was paused for the whole gateway, and sockets that were paused. */
  pauses: number
  socketsPaused: number
  /** Sockets ended without a close code: no heartbeat, or unread answers. */
  terminated: number
  /** Connections that ws closed because the peer broke the WebSocket protocol. */
  protocolErrors: number
  /** Connections closed because a message was begun and not finished. */
  unfinishedMessages: number
  beacons: number
  beaconBatches: number
  reportsFailed: number
  refusals: Partial<Record<Refusal, number>>
  closures: Partial<Record<Closure, number>>
  requestErrors: Partial<Record<RequestError, number>>
}

export function newCounters(): GatewayCounters {
  return {
    frames: 0,
    frameBytes: 0,
    events: 0,
    settledRecords: 0,
    failedRecords: 0,
    fullLog: 0,
    acknowledgements: 0,
    connectionsOpened: 0,
    connectionsClosed: 0,
    pauses: 0,
    socketsPaused: 0,
    terminated: 0,
    protocolErrors: 0,
    unfinishedMessages: 0,
    beacons: 0,
    beaconBatches: 0,
    reportsFailed: 0,
    refusals: {},
    closures: {},
    requestErrors: {},
  }
}

/** Adds one to a counter by code. */
export function countCode<Code extends string>(counts: Partial<Record<Code, number>>, code: Code): void {
  counts[code] = (counts[code] ?? 0) + 1
}
