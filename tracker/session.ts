import { limits } from '@sightline/protocol/limits'
import { load, store } from './storage.ts'

/** The browser's session. Not a person: nothing ties two sessions together. */
export interface Session {
  /** 16 random bytes, shared by the browser's tabs. */
  id: Uint8Array
  /** Called when a batch is begun; true at first and when the session before is over. */
  use(nowMs: number): boolean
}

export function createSession(): Session {
  let usedMs = -Infinity
  const session: Session = {
    id: new Uint8Array(),
    use(nowMs) {
      const over = nowMs - usedMs > limits.sessionRenewMs
      if (over) {
        // Another tab may have kept it alive, or begun the next one.
        const [notedMs, id = ''] = load('localStorage', 'session').split(' ')
        session.id = Uint8Array.from(id.split(','), Number)
        const alive = nowMs - +notedMs < limits.sessionRenewMs && session.id.length === limits.sessionBytes
        if (!alive) session.id = crypto.getRandomValues(new Uint8Array(limits.sessionBytes))
      }
      usedMs = nowMs
      store('localStorage', 'session', nowMs + ' ' + session.id)
      return over
    },
  }
  return session
}
