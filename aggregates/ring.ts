import { limits } from '@sightline/protocol/limits'
import type { Aggregate } from './aggregate.ts'
import type { ByteReader, ByteWriter } from './binary.ts'
import { Histogram } from './histogram.ts'

/**
 * The last minutes of a site by second of the record's effective time (SPEC.md, rules R…). One cell per site.
 *
 * Active sessions are counted without sets. A session that has been idle (or is new) *starts* at its record's second; in
 * any case its *last* second moves to it. Sessions active at second T are then those whose last second is within
 * `sessionIdleMs` before T, and for seconds in the past: active(T - 1) = active(T) - started(T) + last(T - idle), because
 * a session that came back after being idle leaves its old last second where it was. Hence rows are kept twice as long.
 */
export const ringFields = ['moves', 'clicks', 'scrolls', 'marks', 'other', 'started', 'last'] as const
const [moves, clicks, scrolls, marks, other, started, last] = ringFields.keys()
const fieldCount = ringFields.length

export const idleSeconds = limits.sessionIdleMs / 1_000
/** Rows up to this age, by the watermark, are kept. */
const keptSeconds = limits.ringSeconds + idleSeconds

export class RingRow {
  /** By ringFields; `last` may be below zero in a draft. */
  readonly counts = new Float64Array(fieldCount)
  /** Hand to gateway, ms, by events. */
  readonly latency = new Histogram()

  add(from: RingRow): void {
    for (let i = 0; i < fieldCount; i++) this.counts[i] += from.counts[i]
    this.latency.merge(from.latency)
  }

  get moves(): number {
    return this.counts[moves]
  }

  get clicks(): number {
    return this.counts[clicks]
  }

  get scrolls(): number {
    return this.counts[scrolls]
  }

  get marks(): number {
    return this.counts[marks]
  }

  /** Sessions that became active in this second. */
  get started(): number {
    return this.counts[started]
  }

  /** Sessions whose newest record is of this second. */
  get last(): number {
    return this.counts[last]
  }

  get events(): number {
    const { counts } = this
    return counts[moves] + counts[clicks] + counts[scrolls] + counts[marks] + counts[other]
  }
}

export class RingCell {
  readonly rows = new Map<number, RingRow>()
  /** The watermark with the site's newest record, in seconds. */
  watermarkSecond = 0
}

type RingDraft = Map<number, RingCell>

export const ring: Aggregate<RingDraft, RingCell> = {
  name: 'ring',
  section: 3,
  resolutions: [],

  createDraft: () => new Map(),

  fold(draft, input) {
    const { batch, second } = input
    let cell = draft.get(input.site)
    if (cell === undefined) draft.set(input.site, (cell = new RingCell()))
    cell.watermarkSecond = Math.floor(input.watermarkMs / 1_000)
    const row = rowOf(cell, second)
    const { counts } = row
    counts[moves] += batch.moveCount
    counts[clicks] += batch.clickCount
    counts[scrolls] += batch.scrollCount
    counts[marks] += batch.markCount
    counts[other] += batch.n - batch.moveCount - batch.clickCount - batch.scrollCount - batch.markCount
    row.latency.addRuns(input.latency)

    const before = input.sessionSecondBefore
    if (before === 0 || second - before >= idleSeconds) {
      counts[started]++
      counts[last]++
    } else if (second > before) {
      rowOf(cell, before).counts[last]--
      counts[last]++
    }
  },

  isEmpty: (draft) => draft.size === 0,
  encodeDelta(draft, out) {
    out.varint(draft.size)
    for (const [site, cell] of draft) {
      out.varint(site)
      this.encodeCell(cell, out)
    }
  },
  clear: (draft) => draft.clear(),

  apply(section, _tables, cells) {
    for (let sites = section.count(); sites > 0; sites--) {
      const site = section.varint()
      const increment = this.decodeCell(section)
      for (const cell of cells.touch(`${site}`)) {
        this.merge(cell, increment)
        prune(cell)
      }
    }
  },

  createCell: () => new RingCell(),
  encodeCell,
  decodeCell,
  merge(into, from) {
    into.watermarkSecond = Math.max(into.watermarkSecond, from.watermarkSecond)
    for (const [second, row] of from.rows) rowOf(into, second).add(row)
  },
}

function rowOf(cell: RingCell, second: number): RingRow {
  let row = cell.rows.get(second)
  if (row === undefined) cell.rows.set(second, (row = new RingRow()))
  return row
}

/**
 * Drops rows that are too old by the watermark, and, when a wild clock made too many, those farthest ahead. The latter
 * can only be seconds that nobody sees yet.
 */
function prune(cell: RingCell): void {
  const oldest = cell.watermarkSecond - keptSeconds
  for (const second of cell.rows.keys()) if (second < oldest) cell.rows.delete(second)
  if (cell.rows.size <= limits.ringRowsMax) return
  const farthest = [...cell.rows.keys()].sort((a, b) => b - a)
  for (const second of farthest.slice(0, cell.rows.size - limits.ringRowsMax)) cell.rows.delete(second)
}

/** Rows by ascending second; rows that hold nothing are left out. */
function encodeCell(cell: RingCell, out: ByteWriter): void {
  const rows = [...cell.rows]
    .filter(([, row]) => row.counts.some((count) => count !== 0))
    .sort(([a], [b]) => a - b)
  out.varint(cell.watermarkSecond)
  out.varint(rows.length)
  let before = 0
  for (const [second, row] of rows) {
    out.varint(second - before)
    before = second
    let used = 0
    for (let i = 0; i < fieldCount; i++) if (row.counts[i] !== 0) used |= 1 << i
    out.u8(used)
    for (let i = 0; i < fieldCount; i++) if (row.counts[i] !== 0) out.zigzag(row.counts[i])
    row.latency.encode(out)
  }
}

function decodeCell(from: ByteReader): RingCell {
  const cell = new RingCell()
  cell.watermarkSecond = from.varint()
  let second = 0
  for (let rows = from.count(); rows > 0; rows--) {
    second += from.varint()
    const row = rowOf(cell, second)
    const used = from.u8()
    for (let i = 0; i < fieldCount; i++) if (used & (1 << i)) row.counts[i] += from.zigzag()
    row.latency.decode(from)
  }
  return cell
}
