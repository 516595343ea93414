/** A session ends when nothing happened for so long, ms. */
const idleMs = 30 * 60_000
const storageKey = 'sightline.session'

/**
 * The browser's session: 16 random bytes, shared by its tabs, renewed after half an hour without an event. Not a
 * person: nothing ties two sessions together.
 */
export class Session {
  id: Uint8Array
  private usedMs: number

  constructor(nowMs: number) {
    const stored = read()
    if (stored && nowMs - stored.usedMs < idleMs) this.id = stored.id
    else this.id = crypto.getRandomValues(new Uint8Array(16))
    this.usedMs = nowMs
    this.write()
  }

  /** Called when a batch is begun; true when the session was over and another one has begun. */
  use(nowMs: number): boolean {
    const over = nowMs - this.usedMs >= idleMs
    if (over) this.id = crypto.getRandomValues(new Uint8Array(16))
    this.usedMs = nowMs
    this.write()
    return over
  }

  private write(): void {
    try {
      localStorage.setItem(storageKey, this.usedMs + ' ' + this.id.join())
    } catch {
      // no storage: the session lives as long as the document
    }
  }
}

function read(): { id: Uint8Array; usedMs: number } | null {
  try {
    const [usedMs, bytes] = (localStorage.getItem(storageKey) ?? '').split(' ')
    const id = Uint8Array.from((bytes ?? '').split(','), Number)
    return id.length === 16 ? { id, usedMs: Number(usedMs) } : null
  } catch {
    return null
  }
}
