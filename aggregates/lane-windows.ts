import { batchFlags } from '@sightline/protocol/mark-kinds'
import { limits } from '@sightline/protocol/limits'
import type { ByteReader, ByteWriter } from './binary.ts'
import type { FoldInput } from './fold-input.ts'
import { decodeLane, encodeLane, fillWindow, type OnLane } from './lane-codec.ts'
import { laneFlags, LaneTable } from './lane-table.ts'
import type { LedgerDraft } from './ledger.ts'

/** What the window says of a batch. `duplicate`, `too-old` and `lanes-full` are never folded. */
export type Verdict = 'new' | 'duplicate' | 'too-old' | 'lanes-full'

/** Lanes that were touched last in the same slice share one blob. */
export const laneSliceMs = 300_000

const reach = limits.laneWindowBatches

/**
 * The duplicate windows of a partition's lanes (SPEC.md, rules AK…): a sliding window per lane as in RFC 4303 §3.4.3,
 * and per lane what is needed to count losses in events.
 *
 *   seq > hi            new; the window moves up, and what falls out unaccepted is noted as a hole below
 *   hi - 1,023 … hi     new or duplicate by its bit; without a window (no holes) duplicate
 *   below that          duplicate when nothing below was ever missed, else too old: it can't be told any more
 *
 * A lane is forgotten `laneHorizonMs` after its newest accepted record, by the watermark, at full minutes of it; what is
 * missing of it then is lost. A batch of a lane that isn't known and is older than the horizon less `lateEventMsMax` may
 * be a copy from a forgotten lane and is too old.
 */
export class LaneWindows {
  readonly #table = new LaneTable()
  /** Rows with changed = 1. */
  #changed: number[] = []

  get lanes(): number {
    return this.#table.count
  }

  /** Bytes held, for the metric. */
  get bytes(): number {
    return this.#table.bytes
  }

  /**
   * Judges one batch and, when it is new, marks it. `active` = it will be folded (false: excluded or dead-lettered).
   * Changes of sealed, lost, thinned and lanes go to the ledger as differences.
   */
  observe(input: FoldInput, active: boolean, ledger: LedgerDraft): Verdict {
    const table = this.#table
    const { batch } = input
    let row = table.find(input.sessionHi, input.sessionLo, batch.lane)
    if (row < 0) {
      if (isTooOldForUnknownLane(input)) return 'too-old'
      if (table.count >= limits.lanesPerPartitionMax) return 'lanes-full'
      row = table.add(input.sessionHi, input.sessionLo, batch.lane, input.site)
      ledger.lanes(input.site, 1)
    }
    const verdict = this.#mark(row, batch.seq)
    if (verdict === 'new') this.#account(row, input, active, ledger)
    return verdict
  }

  /** Forgets lanes whose newest record is older than the horizon at this time; what they miss is lost. */
  expire(nowMs: number, ledger: LedgerDraft | null): void {
    const table = this.#table
    const oldestMs = nowMs - limits.laneHorizonMs
    let removed = false
    table.removeWhere((row) => {
      if (table.lastMs[row] >= oldestMs) return false
      ledger?.lost(table.site[row], table.sealed[row] - table.accepted[row])
      removed = true
      return true
    })
    // Rows have moved.
    if (removed) this.#changed = this.#rowsWhere((row) => table.changed[row] === 1)
  }

  /** The lanes changed since the last call, as they are now. Calls `onSlice` with each slice start concerned. */
  encodeChanges(out: ByteWriter, onSlice: (startMs: number) => void): void {
    const table = this.#table
    out.varint(this.#changed.length)
    for (const row of this.#changed) {
      table.changed[row] = 0
      encodeLane(table, row, out)
      onSlice(sliceOf(table.lastMs[row]))
    }
    this.#changed = []
  }

  /** Whether a private part has to be written before blobs can be. */
  get hasChanges(): boolean {
    return this.#changed.length > 0
  }

  /** Takes in lanes as encodeChanges or encodeSlice wrote them. */
  decodeLanes(from: ByteReader, onLane: OnLane): void {
    for (let count = from.count(); count > 0; count--) decodeLane(this.#table, from, onLane)
  }

  /** All lanes touched last in the slice; returns how many. */
  encodeSlice(startMs: number, out: ByteWriter): number {
    const table = this.#table
    const rows = this.#rowsWhere((row) => sliceOf(table.lastMs[row]) === startMs)
    out.varint(rows.length)
    for (const row of rows) encodeLane(table, row, out)
    return rows.length
  }

  /** Every lane in plain form, for diagnosis and tests. Holes are the seqs within the window that have not arrived. */
  *list(): Iterable<LaneState> {
    const table = this.#table
    for (let row = 0; row < table.count; row++) {
      const holes: number[] = []
      if (table.holes[row] > 0) {
        for (let seq = Math.max(1, table.hi[row] - reach + 1); seq < table.hi[row]; seq++) {
          if (!table.hasBit(row, seq)) holes.push(seq)
        }
      }
      yield {
        session: [table.sessionHi[row], table.sessionLo[row]],
        lane: table.lane[row],
        site: table.site[row],
        hi: table.hi[row],
        holes,
        holeBelow: (table.flags[row] & laneFlags.holeBelow) !== 0,
        finished: (table.flags[row] & laneFlags.finished) !== 0,
        accepted: table.accepted[row],
        sealed: table.sealed[row],
        lost: [table.lostRing[row], table.lostRefused[row], table.thinned[row]],
        lastMs: table.lastMs[row],
        activeSecond: table.activeSecond[row],
      }
    }
  }

  #rowsWhere(wanted: (row: number) => boolean): number[] {
    const rows: number[] = []
    for (let row = 0; row < this.#table.count; row++) if (wanted(row)) rows.push(row)
    return rows
  }

  #mark(row: number, seq: number): Verdict {
    const table = this.#table
    const hi = table.hi[row]
    if (seq > hi) {
      this.#advance(row, hi, seq)
      return 'new'
    }
    if (seq <= hi - reach) return table.flags[row] & laneFlags.holeBelow ? 'too-old' : 'duplicate'
    if (table.window[row] < 0 || table.hasBit(row, seq)) return 'duplicate'
    table.setBit(row, seq, true)
    if (--table.holes[row] === 0) table.dropWindow(row)
    return 'new'
  }

  /** Moves the window up to a new highest seq. */
  #advance(row: number, hi: number, seq: number): void {
    const table = this.#table
    table.hi[row] = seq
    const hasWindow = table.window[row] >= 0
    if (!hasWindow && seq === hi + 1) return
    if (seq - hi >= reach) {
      // The whole window is behind. Everything between is missing, and what lies below its reach stays so.
      if (table.holes[row] > 0 || seq - hi > reach) table.flags[row] |= laneFlags.holeBelow
      if (!hasWindow) table.addWindow(row)
      table.windowOf(row).fill(0)
      table.setBit(row, seq, true)
      table.holes[row] = reach - 1
      return
    }
    if (!hasWindow) {
      table.addWindow(row)
      fillWindow(table, row, hi)
    }
    for (let at = hi + 1; at <= seq; at++) {
      // The bit of `at` is that of at - 1,024, which falls out now.
      if (at > reach && !table.hasBit(row, at)) {
        table.flags[row] |= laneFlags.holeBelow
        table.holes[row]--
      }
      const arrived = at === seq
      table.setBit(row, at, arrived)
      if (!arrived) table.holes[row]++
    }
    if (table.holes[row] === 0) table.dropWindow(row)
  }

  #account(row: number, input: FoldInput, active: boolean, ledger: LedgerDraft): void {
    const table = this.#table
    const { batch, site } = input
    table.accepted[row] += batch.n
    // A chain that claims less than what arrived is taken at what arrived, so that nothing is missing below zero.
    const sealed = Math.max(table.sealed[row], batch.ev0 + batch.n, table.accepted[row])
    ledger.sealed(site, sealed - table.sealed[row])
    table.sealed[row] = sealed

    ledger.lostRing(site, raise(table.lostRing, row, batch.lostRing))
    ledger.lostRefused(site, raise(table.lostRefused, row, batch.lostRefused))
    ledger.thinned(site, raise(table.thinned, row, batch.thinned))

    const flags = table.flags[row]
    if (batch.seq === table.hi[row]) {
      const next = batch.flags & batchFlags.fin ? flags | laneFlags.finished : flags & ~laneFlags.finished
      ledger.lanesFinished(site, (next & laneFlags.finished) - (flags & laneFlags.finished))
      table.flags[row] = next
    }
    table.lastMs[row] = Math.max(table.lastMs[row], input.effectiveMs)
    if (active) table.activeSecond[row] = Math.max(table.activeSecond[row], input.second)
    if (table.changed[row] === 0) {
      table.changed[row] = 1
      this.#changed.push(row)
    }
  }
}

export interface LaneState {
  session: [hi: number, lo: number]
  lane: number
  site: number
  hi: number
  holes: number[]
  holeBelow: boolean
  finished: boolean
  accepted: number
  sealed: number
  /** Lost by the ring, lost by refusal, thinned. */
  lost: [number, number, number]
  lastMs: number
  activeSecond: number
}

export function sliceOf(timeMs: number): number {
  return timeMs - (timeMs % laneSliceMs)
}

/**
 * Age by the visitor's corrected clock. A batch without a clock sample (round trip 0) has no age that could be trusted:
 * it is taken as fresh, since a wrong clock is common, and the tracker throws old copies away by itself.
 */
function isTooOldForUnknownLane(input: FoldInput): boolean {
  const { batch } = input
  if (batch.clockRtt === 0) return false
  return input.effectiveMs - (batch.t0 + batch.clockOff) > limits.laneHorizonMs - limits.lateEventMsMax
}

/** Raises a counter of the lane that only grows; returns by how much. */
function raise(column: Uint32Array, row: number, value: number): number {
  const before = column[row]
  if (value <= before) return 0
  column[row] = value
  return value - before
}
