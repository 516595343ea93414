import { limits } from '@sightline/protocol/limits'
import { slotHash } from './slot-hash.ts'

/**
 * The second of each session's newest record, so that "active sessions" can be counted exactly without a set per
 * second (ring.ts). Sessions idle for longer than `sessionIdleMs` are forgotten at the next sweep. It is derived from
 * the lanes (their newest records), and so needs no blob of its own.
 */
export class SessionActivity {
  #count = 0
  #sessionHi = new Uint32Array(64)
  #sessionLo = new Uint32Array(64)
  /** Seconds since the epoch; 0 = slot free. At most half full. */
  #second = new Float64Array(64)

  get count(): number {
    return this.#count
  }

  /** Notes a record and returns the session's newest second before it, 0 = none known. */
  touch(sessionHi: number, sessionLo: number, second: number): number {
    const slot = this.#slot(sessionHi, sessionLo)
    const before = this.#second[slot]
    if (before === 0) {
      this.#sessionHi[slot] = sessionHi
      this.#sessionLo[slot] = sessionLo
      this.#second[slot] = second
      if (++this.#count * 2 > this.#second.length) this.#rebuild(this.#second.length * 2, 0)
    } else if (second > before) {
      this.#second[slot] = second
    }
    return before
  }

  /**
   * Forgets sessions that can't count as active any more: idle by the watermark, and by a minute more, since a record
   * may count up to `lateRecordMsMax` behind the watermark.
   */
  sweep(watermarkMs: number): void {
    const oldest = (watermarkMs - limits.lateRecordMsMax - limits.sessionIdleMs) / 1_000
    if (oldest <= 0) return
    let kept = 0
    for (let slot = 0; slot < this.#second.length; slot++) if (this.#second[slot] >= oldest) kept++
    if (kept === this.#count) return
    let size = 64
    while (size < kept * 2 + 2) size *= 2
    this.#rebuild(size, oldest)
  }

  clear(): void {
    this.#rebuild(64, Infinity)
  }

  #slot(sessionHi: number, sessionLo: number): number {
    const mask = this.#second.length - 1
    let slot = slotHash(sessionHi, sessionLo) & mask
    while (this.#second[slot] !== 0) {
      if (this.#sessionLo[slot] === sessionLo && this.#sessionHi[slot] === sessionHi) break
      slot = (slot + 1) & mask
    }
    return slot
  }

  #rebuild(size: number, oldest: number): void {
    const [hi, lo, second] = [this.#sessionHi, this.#sessionLo, this.#second]
    this.#sessionHi = new Uint32Array(size)
    this.#sessionLo = new Uint32Array(size)
    this.#second = new Float64Array(size)
    this.#count = 0
    for (let from = 0; from < second.length; from++) {
      if (second[from] === 0 || second[from] < oldest) continue
      const slot = this.#slot(hi[from], lo[from])
      this.#sessionHi[slot] = hi[from]
      this.#sessionLo[slot] = lo[from]
      this.#second[slot] = second[from]
      this.#count++
    }
  }
}
