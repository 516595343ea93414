import { limits } from '@sightline/protocol/limits'

/** What an operator may set for a gateway; every member has a default in protocol/limits.ts. */
export interface GatewayConfig {
  /** Open WebSockets of this process. */
  connectionsMax: number
  /** Open WebSockets from one remote address. */
  connectionsPerAddressMax: number
  /** Frames a second that one connection may send in the long run, and at once. */
  connectionFramesPerSecondMax: number
  connectionFramesBurstMax: number
  /** Frames a second that this gateway means to carry: bounds how often trackers flush. */
  framesPerSecondBudget: number
  /** Records and bytes that the log takes before it refuses; half of it pauses reading. */
  pendingRecordsMax: number
  pendingBytesMax: number
  /** ms from the connect to the end of the request's headers. */
  upgradeMsMax: number
  /** ms from the first byte of a beacon to its last. */
  beaconMsMax: number
  /** ms from the first sight of an unfinished WebSocket message to its end. */
  messageMsMax: number
  /** ms between WebSocket pings. */
  heartbeatMs: number
  /** ms from drain() until the last connection is gone. */
  drainMsMax: number
}

/** The defaults, with what is given laid over them. */
export function gatewayConfig(given: Partial<GatewayConfig> = {}): GatewayConfig {
  return {
    connectionsMax: limits.connectionsMax,
    connectionsPerAddressMax: limits.connectionsPerAddressMax,
    connectionFramesPerSecondMax: limits.connectionFramesPerSecondMax,
    connectionFramesBurstMax: limits.connectionFramesBurstMax,
    framesPerSecondBudget: limits.framesPerSecondBudget,
    pendingRecordsMax: limits.pendingRecordsMax,
    pendingBytesMax: limits.pendingBytesMax,
    upgradeMsMax: limits.upgradeMsMax,
    beaconMsMax: limits.beaconMsMax,
    messageMsMax: limits.messageMsMax,
    heartbeatMs: limits.heartbeatMs,
    drainMsMax: limits.drainMsMax,
    ...given,
  }
}
