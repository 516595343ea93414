import { limits } from '@sightline/protocol/limits'

/** Visits between two pings. */
export const visitsPerHeartbeat = 5

/** Of a frame from a client: two bytes and the mask; two more for the length if it doesn't fit. */
const headerBytes = 6
const shortPayloadBytesMax = 125

/** What a visit found: nothing, that it is time to ping, or why the connection can't stay. */
export type HealthVerdict = 'well' | 'ping' | 'dead' | 'unfinished'

/**
 * Whether the peer of one connection is still there, and not holding a message open for ever. Judged from a few
 * numbers at each visit, so that frames cost nothing here but one addition.
 */
export class ConnectionHealth {
  /** Messages that were complete, and those at the visit before. */
  private messages = 0
  private messagesBefore = 0
  /** Bytes of complete messages, pings and pongs, with what stood before the first. The rest is of one in arrival. */
  private completeBytes: number
  /** When a message was first seen to be unfinished; 0 = none is. */
  private unfinishedMs = 0
  private heartbeatsMissed = 0
  private visitsToPing: number

  /**
   * `wire`: the TCP socket below, of which only the count of bytes is used. `phase`: 0 to 1, at which of its visits the
   * connection pings first, so that the pings of many don't come together.
   */
  constructor(
    private readonly wire: { readonly bytesRead: number },
    private readonly messageMsMax: number,
    phase: number,
  ) {
    this.completeBytes = wire.bytesRead
    this.visitsToPing = Math.ceil(phase * visitsPerHeartbeat)
  }

  onMessage(payloadBytes: number): void {
    this.messages++
    this.completeBytes += payloadBytes + headerBytes + (payloadBytes > shortPayloadBytesMax ? 2 : 0)
  }

  onPing(payloadBytes: number): void {
    this.completeBytes += payloadBytes + headerBytes
  }

  onPong(payloadBytes: number): void {
    this.heartbeatsMissed = 0
    this.completeBytes += payloadBytes + headerBytes
  }

  /** `nowMs` on a clock that does not step. After 'ping' the caller sends one. */
  visit(nowMs: number): HealthVerdict {
    const moved = this.messages !== this.messagesBefore
    this.messagesBefore = this.messages
    if (moved) this.heartbeatsMissed = 0
    if (this.heartbeatsMissed >= limits.heartbeatsMissedMax) return 'dead'
    if (this.isUnfinished(nowMs, moved)) return 'unfinished'
    if (--this.visitsToPing > 0) return 'well'
    this.visitsToPing = visitsPerHeartbeat
    this.heartbeatsMissed++
    return 'ping'
  }

  /**
   * More bytes came than complete messages have, and none was complete, for messageMsMax. The headers of fragments look
   * like such bytes too: a peer that sends its messages in fragments and then falls silent has to connect again.
   */
  private isUnfinished(nowMs: number, moved: boolean): boolean {
    const arriving = this.wire.bytesRead - this.completeBytes > headerBytes
    if (!arriving) this.unfinishedMs = 0
    else if (moved || this.unfinishedMs === 0) this.unfinishedMs = nowMs
    return this.unfinishedMs > 0 && nowMs - this.unfinishedMs >= this.messageMsMax
  }
}
