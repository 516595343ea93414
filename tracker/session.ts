import { load, store } from './storage.ts'

/** A session ends when nothing happened for so long, ms. */
const idleMs = 30 * 60_000

/**
 * The browser's session: 16 random bytes, shared by its tabs, renewed after half an hour without an event. Not a
 * person: nothing ties two sessions together.
 */
export class Session {
  id: Uint8Array
  private usedMs: number

  constructor() {
    const [usedMs, id] = load('localStorage', 'session').split(' ')
    this.usedMs = +usedMs
    this.id = Uint8Array.from((id ?? '').split(','), Number)
  }

  /** Called when a batch is begun; true when another session has begun since the one before was over. */
  use(nowMs: number): boolean {
    const over = !(nowMs - this.usedMs < idleMs) || this.id.length !== 16
    if (over) this.id = crypto.getRandomValues(new Uint8Array(16))
    this.usedMs = nowMs
    store('localStorage', 'session', nowMs + ' ' + this.id)
    return over
  }
}
