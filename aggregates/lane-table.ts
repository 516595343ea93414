import { limits } from '@sightline/protocol/limits'
import { slotHash } from './slot-hash.ts'

/** u32 words of one window. */
export const windowWords = limits.laneWindowBatches / 32

/** Values of `flags`. */
export const laneFlags = {
  /** The batch with the highest seq had `fin`. */
  finished: 1,
  /** A batch that never arrived has fallen out below the window: from there on a duplicate can't be told from a late one. */
  holeBelow: 2,
} as const

/**
 * The storage of lane windows: one row per lane in typed arrays, found by open addressing over (session hash, lane).
 * About 80 bytes a lane; 128 more while the lane has holes. Rows move when others are removed: keep no row number
 * across `removeWhere`.
 */
export class LaneTable {
  count = 0
  sessionHi = new Uint32Array(0)
  sessionLo = new Uint32Array(0)
  lane = new Uint32Array(0)
  site = new Uint32Array(0)
  /** Highest seq seen. */
  hi = new Uint32Array(0)
  /** Events accepted so far. */
  accepted = new Float64Array(0)
  /** max(ev0 + n), never below `accepted`. */
  sealed = new Float64Array(0)
  lostRing = new Uint32Array(0)
  lostRefused = new Uint32Array(0)
  thinned = new Uint32Array(0)
  /** Effective time of the newest record, ms. */
  lastMs = new Float64Array(0)
  /** Second of the newest record that was folded (not excluded or dead-lettered); 0 = none. For SessionActivity. */
  activeSecond = new Uint32Array(0)
  flags = new Uint8Array(0)
  /** 1 = changed since the last commit's private part. */
  changed = new Uint8Array(0)
  /** Window in `#words`, -1 = none: every seq up to `hi` (and within the window's reach) was accepted. */
  window = new Int32Array(0)
  /** Seqs within the window's reach that have not been accepted. */
  holes = new Uint16Array(0)

  /** row + 1, 0 = free; power of two, at most half full. */
  #slots = new Int32Array(64)
  #words = new Uint32Array(0)
  #freeWindows: number[] = []

  /** Row of a lane, or -1. */
  find(sessionHi: number, sessionLo: number, lane: number): number {
    const mask = this.#slots.length - 1
    for (let slot = slotHash(sessionHi, sessionLo, lane) & mask; ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot] - 1
      if (row < 0) return -1
      if (this.sessionLo[row] === sessionLo && this.sessionHi[row] === sessionHi && this.lane[row] === lane)
        return row
    }
  }

  /** A new row with all values zero and no window. The lane must not be in the table. */
  add(sessionHi: number, sessionLo: number, lane: number, site: number): number {
    if (this.count === this.lane.length) this.#resize(Math.max(64, this.count * 2))
    const row = this.count++
    this.sessionHi[row] = sessionHi
    this.sessionLo[row] = sessionLo
    this.lane[row] = lane
    this.site[row] = site
    this.window[row] = -1
    for (const column of this.#values()) column[row] = 0
    if (this.count * 2 > this.#slots.length) this.#index(this.#slots.length * 2)
    else this.#place(row)
    return row
  }

  /** Removes the rows for which `gone` says so and calls it exactly once per row. */
  removeWhere(gone: (row: number) => boolean): void {
    let kept = 0
    const before = this.count
    for (let row = 0; row < before; row++) {
      if (gone(row)) {
        this.dropWindow(row)
        continue
      }
      if (kept !== row) this.#move(row, kept)
      kept++
    }
    if (kept === before) return
    this.count = kept
    let size = 64
    while (size < kept * 2) size *= 2
    if (kept * 4 < this.lane.length && this.lane.length > 64) this.#resize(Math.max(64, kept * 2))
    this.#index(size)
  }

  /** Gives the row a window with all bits zero. */
  addWindow(row: number): void {
    let window = this.#freeWindows.pop()
    if (window === undefined) {
      window = this.#words.length / windowWords
      const words = new Uint32Array(Math.max(8, window * 2) * windowWords)
      words.set(this.#words)
      this.#words = words
      for (let free = words.length / windowWords - 1; free > window; free--) this.#freeWindows.push(free)
    }
    this.#words.fill(0, window * windowWords, (window + 1) * windowWords)
    this.window[row] = window
  }

  dropWindow(row: number): void {
    if (this.window[row] < 0) return
    this.#freeWindows.push(this.window[row])
    this.window[row] = -1
    this.holes[row] = 0
  }

  /** Bits of a row's window; seq s has bit s mod 1,024. Only valid until the next addWindow. */
  windowOf(row: number): Uint32Array {
    return this.#words.subarray(this.window[row] * windowWords, (this.window[row] + 1) * windowWords)
  }

  hasBit(row: number, seq: number): boolean {
    const bit = seq % limits.laneWindowBatches
    return (this.#words[this.window[row] * windowWords + (bit >>> 5)] & (1 << (bit & 31))) !== 0
  }

  setBit(row: number, seq: number, on: boolean): void {
    const bit = seq % limits.laneWindowBatches
    const word = this.window[row] * windowWords + (bit >>> 5)
    if (on) this.#words[word] |= 1 << (bit & 31)
    else this.#words[word] &= ~(1 << (bit & 31))
  }

  /** Bytes held, for the metric. */
  get bytes(): number {
    let sum = this.#slots.byteLength + this.#words.byteLength
    for (const column of [...this.#keys(), ...this.#values(), this.window]) sum += column.byteLength
    return sum
  }

  #keys() {
    return [this.sessionHi, this.sessionLo, this.lane, this.site]
  }

  #values() {
    return [
      this.hi,
      this.accepted,
      this.sealed,
      this.lostRing,
      this.lostRefused,
      this.thinned,
      this.lastMs,
      this.activeSecond,
      this.flags,
      this.changed,
      this.holes,
    ]
  }

  #move(from: number, to: number): void {
    for (const column of this.#keys()) column[to] = column[from]
    for (const column of this.#values()) column[to] = column[from]
    this.window[to] = this.window[from]
  }

  #resize(rows: number): void {
    const wide = (column: Uint32Array) => copyInto(new Uint32Array(rows), column)
    const double = (column: Float64Array) => copyInto(new Float64Array(rows), column)
    this.sessionHi = wide(this.sessionHi)
    this.sessionLo = wide(this.sessionLo)
    this.lane = wide(this.lane)
    this.site = wide(this.site)
    this.hi = wide(this.hi)
    this.accepted = double(this.accepted)
    this.sealed = double(this.sealed)
    this.lostRing = wide(this.lostRing)
    this.lostRefused = wide(this.lostRefused)
    this.thinned = wide(this.thinned)
    this.lastMs = double(this.lastMs)
    this.activeSecond = wide(this.activeSecond)
    this.flags = copyInto(new Uint8Array(rows), this.flags)
    this.changed = copyInto(new Uint8Array(rows), this.changed)
    this.window = copyInto(new Int32Array(rows), this.window)
    this.holes = copyInto(new Uint16Array(rows), this.holes)
  }

  #index(size: number): void {
    this.#slots = new Int32Array(size)
    for (let row = 0; row < this.count; row++) this.#place(row)
  }

  #place(row: number): void {
    const mask = this.#slots.length - 1
    let slot = slotHash(this.sessionHi[row], this.sessionLo[row], this.lane[row]) & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = row + 1
  }
}

interface Column extends ArrayLike<number> {
  set(values: ArrayLike<number>): void
  subarray(start: number, end: number): ArrayLike<number>
}

function copyInto<Target extends Column>(target: Target, source: Column): Target {
  target.set(source.subarray(0, Math.min(source.length, target.length)))
  return target
}
