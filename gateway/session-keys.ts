import { partitionOf } from '@sightline/engine/log/event-log'
import { limits } from '@sightline/protocol/limits'

/** A session that a connection carries: the key of its records, never changed, and its partition. */
export interface SessionKey {
  readonly key: Uint8Array
  readonly partition: number
}

const sessionBytes = limits.sessionBytes

/**
 * The sessions and lanes of one connection, at most limits.sessionsPerConnectionMax and limits.lanesPerConnectionMax: a
 * processor remembers each for hours, so no connection may open them without end. Nearly every frame is of the session
 * and lane of the frame before, so a key is made once per session and not per record.
 */
export class SessionKeys {
  private readonly sessions: SessionKey[] = []
  private last: SessionKey | null = null
  private lastLane = -1
  private readonly lanes = new Map<SessionKey, Set<number>>()
  private laneCount = 0

  constructor(private readonly partitions: number) {}

  /** The session whose 16 bytes begin at `start`, or null when it, or its lane, would be one too many. */
  find(bytes: Uint8Array, start: number, lane: number): SessionKey | null {
    const before = this.last
    const session = this.findSession(bytes, start)
    if (session === null) return null
    if (session === before && lane === this.lastLane) return session
    this.lastLane = lane
    let lanes = this.lanes.get(session)
    if (lanes === undefined) this.lanes.set(session, (lanes = new Set()))
    if (lanes.has(lane)) return session
    if (this.laneCount >= limits.lanesPerConnectionMax) return null
    this.laneCount++
    lanes.add(lane)
    return session
  }

  private findSession(bytes: Uint8Array, start: number): SessionKey | null {
    if (this.last !== null && isAt(this.last.key, bytes, start)) return this.last
    const known = this.sessions.find((session) => isAt(session.key, bytes, start))
    if (known !== undefined) return (this.last = known)
    if (this.sessions.length >= limits.sessionsPerConnectionMax) return null
    this.last = sessionKey(bytes, start, this.partitions)
    this.sessions.push(this.last)
    return this.last
  }
}

/** The key of the session whose bytes begin at `start`, copied, and its partition. */
export function sessionKey(bytes: Uint8Array, start: number, partitions: number): SessionKey {
  const key = Uint8Array.prototype.slice.call(bytes, start, start + sessionBytes)
  return { key, partition: partitionOf(bytes, start, sessionBytes, partitions) }
}

function isAt(key: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < sessionBytes; i++) if (key[i] !== bytes[start + i]) return false
  return true
}
