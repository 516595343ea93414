import { partitionOf } from '@sightline/engine/log/event-log'
import { limits } from '@sightline/protocol/limits'

/** A session that a connection carries: the key of its records, never changed, and its partition. */
export interface SessionKey {
  readonly key: Uint8Array
  readonly partition: number
}

const sessionBytes = limits.sessionBytes

/**
 * The sessions of one connection, at most limits.sessionsPerConnectionMax. Nearly every frame is of the session of the
 * frame before, so a key is made once per session and not per record.
 */
export class SessionKeys {
  private readonly sessions: SessionKey[] = []
  private last: SessionKey | null = null

  constructor(private readonly partitions: number) {}

  /** The session whose 16 bytes begin at `start`, or null when it would be one too many. */
  find(bytes: Uint8Array, start: number): SessionKey | null {
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
