import { limits } from '@sightline/protocol/limits'
import type { Aggregate } from './aggregate.ts'
import type { ByteReader, ByteWriter } from './binary.ts'
import type { FoldInput } from './fold-input.ts'
import type { Layout } from './layout.ts'
import { idleSeconds } from './ring.ts'

/**
 * The sessions active now, with their last pointer position (SPEC.md, rules V…). One cell per site, at most
 * `sessionsNowPerPartitionMax` sessions in it: the least recently seen goes first. The exact number of active sessions
 * comes from ring.ts, which has no such limit.
 */
export interface SessionRow {
  /** 53 bits of the session's hash. */
  readonly hash: number
  /** In a delta: it was new or idle before, so whatever the cell knows of it is over. */
  begins: boolean
  page: string
  layout: Layout
  /** Page px of the last move or click; -1 = none yet. */
  xPx: number
  yPx: number
  viewportPx: number
  heightPx: number
  events: number
  /** Effective times of its first and last record since it was last idle, ms. */
  firstMs: number
  lastMs: number
}

export class SessionsNowCell {
  /** By hash, the least recently seen first. */
  readonly rows = new Map<number, SessionRow>()
  /** The watermark with the site's newest record, ms. */
  watermarkMs = 0
}

/**
 * Touches of one site in record order, put together per session as long as that gives the same as one by one: rows are
 * evicted in the order in which they were last seen, and a session that is touched here can't be the next to go while
 * fewer sessions than the limit were touched. At the limit a new round begins.
 */
interface Round {
  site: number
  /** In the order of each session's first touch in this round. */
  rows: Map<number, DraftRow>
  /** The order of last touches differs from that of first touches. */
  reordered: boolean
  touches: number
  watermarkMs: number
}

interface DraftRow extends SessionRow {
  /** Number of its last touch in the round. */
  touch: number
}

class SessionsNowDraft {
  readonly rounds: Round[] = []
  readonly open = new Map<number, Round>()

  roundFor(site: number, hash: number): Round {
    let round = this.open.get(site)
    if (
      round === undefined ||
      (round.rows.size >= limits.sessionsNowPerPartitionMax && !round.rows.has(hash))
    ) {
      round = { site, rows: new Map(), reordered: false, touches: 0, watermarkMs: 0 }
      this.rounds.push(round)
      this.open.set(site, round)
    }
    return round
  }
}

export const sessionsNow: Aggregate<SessionsNowDraft, SessionsNowCell> = {
  name: 'sessions-now',
  section: 8,
  resolutions: [],

  createDraft: () => new SessionsNowDraft(),

  fold(draft, input) {
    const hash = input.sessionHash
    const round = draft.roundFor(input.site, hash)
    round.watermarkMs = input.watermarkMs
    let row = round.rows.get(hash)
    if (row === undefined) round.rows.set(hash, (row = newRow(input)))
    else {
      update(row, input)
      round.reordered = true
    }
    row.touch = ++round.touches
  },

  isEmpty: (draft) => draft.rounds.length === 0,
  encodeDelta(draft, out) {
    out.varint(draft.rounds.length)
    for (const round of draft.rounds) {
      out.varint(round.site)
      out.varint(round.watermarkMs)
      out.varint(round.rows.size)
      const rows = [...round.rows.values()]
      for (const row of rows) encodeRow(row, out)
      out.u8(round.reordered ? 1 : 0)
      if (!round.reordered) continue
      const order = rows.map((_, index) => index).sort((a, b) => rows[a].touch - rows[b].touch)
      for (const index of order) out.varint(index)
    }
  },
  clear(draft) {
    draft.rounds.length = 0
    draft.open.clear()
  },

  apply(section, _tables, cells) {
    for (let rounds = section.count(); rounds > 0; rounds--) {
      const site = section.varint()
      const watermarkMs = section.varint()
      const rows: SessionRow[] = []
      for (let left = section.count(8); left > 0; left--) rows.push(decodeRow(section))
      const lastTouches = section.u8() === 0 ? [] : rows.map(() => section.varint())
      for (const cell of cells.touch(`${site}`)) applyRound(cell, watermarkMs, rows, lastTouches)
    }
  },

  createCell: () => new SessionsNowCell(),
  encodeCell(cell, out) {
    out.varint(cell.watermarkMs)
    out.varint(cell.rows.size)
    for (const row of cell.rows.values()) encodeRow(row, out)
  },
  decodeCell(bytes) {
    const cell = new SessionsNowCell()
    cell.watermarkMs = bytes.varint()
    for (let left = bytes.count(8); left > 0; left--) {
      const row = decodeRow(bytes)
      cell.rows.set(row.hash, row)
    }
    return cell
  },
  /** Of other partitions: their sessions are others. */
  merge(into, from) {
    into.watermarkMs = Math.max(into.watermarkMs, from.watermarkMs)
    for (const [hash, row] of from.rows) into.rows.set(hash, { ...row })
  },
}

function newRow(input: FoldInput): DraftRow {
  const row: DraftRow = {
    touch: 0,
    hash: input.sessionHash,
    begins: false,
    page: '',
    layout: 0,
    xPx: -1,
    yPx: -1,
    viewportPx: 0,
    heightPx: 0,
    events: 0,
    firstMs: input.effectiveMs,
    lastMs: 0,
  }
  update(row, input)
  return row
}

/** The last record wins. */
function update(row: SessionRow, input: FoldInput): void {
  const { batch } = input
  const before = input.sessionSecondBefore
  if (before === 0 || input.second - before >= idleSeconds) {
    row.begins = true
    row.xPx = -1
    row.yPx = -1
    row.events = 0
    row.firstMs = input.effectiveMs
    row.lastMs = 0
  }
  row.page = input.page.text
  row.layout = input.layout
  row.viewportPx = batch.vw
  row.heightPx = batch.dh
  row.events += batch.n
  row.lastMs = Math.max(row.lastMs, input.effectiveMs)
  const move = batch.moveCount - 1
  const click = batch.clickCount - 1
  if (move < 0 && click < 0) return
  const isClick = move < 0 || (click >= 0 && batch.clickDt[click] >= batch.moveDt[move])
  row.xPx = isClick ? batch.clickX[click] : batch.moveX[move]
  row.yPx = isClick ? batch.clickY[click] : batch.moveY[move]
}

/** `lastTouches` lists the rows in the order of their last touches; empty when it is that of the first ones. */
function applyRound(
  cell: SessionsNowCell,
  watermarkMs: number,
  rows: SessionRow[],
  lastTouches: number[],
): void {
  cell.watermarkMs = Math.max(cell.watermarkMs, watermarkMs)
  for (const row of rows) {
    const before = cell.rows.get(row.hash)
    if (before === undefined) {
      if (cell.rows.size >= limits.sessionsNowPerPartitionMax) dropFirst(cell)
    } else {
      if (!row.begins) join(before, row)
      cell.rows.delete(row.hash)
    }
    cell.rows.set(row.hash, row)
  }
  for (const index of lastTouches) {
    const row = rows[index]
    cell.rows.delete(row.hash)
    cell.rows.set(row.hash, row)
  }
  dropIdle(cell)
}

/** Makes `row` go on from what was known before. */
function join(before: SessionRow, row: SessionRow): void {
  row.begins = before.begins
  row.events += before.events
  row.firstMs = before.firstMs
  row.lastMs = Math.max(before.lastMs, row.lastMs)
  if (row.xPx >= 0) return
  row.xPx = before.xPx
  row.yPx = before.yPx
}

function dropFirst(cell: SessionsNowCell): void {
  for (const hash of cell.rows.keys()) {
    cell.rows.delete(hash)
    return
  }
}

/**
 * Idle rows at the least recent end go: they would be the next to be evicted anyway, and their sessions begin anew when
 * they come back, so that it doesn't matter when this is done. The margin is for records that count as late.
 */
function dropIdle(cell: SessionsNowCell): void {
  const oldestMs = cell.watermarkMs - limits.sessionIdleMs - limits.lateRecordMsMax - 1_000
  for (const [hash, row] of cell.rows) {
    if (row.lastMs >= oldestMs) return
    cell.rows.delete(hash)
  }
}

function encodeRow(row: SessionRow, out: ByteWriter): void {
  out.varint(row.hash)
  out.u8(row.layout | (row.begins ? 4 : 0))
  out.string(row.page)
  out.zigzag(row.xPx)
  out.zigzag(row.yPx)
  out.varint(row.viewportPx)
  out.varint(row.heightPx)
  out.varint(row.events)
  out.varint(row.firstMs)
  out.varint(row.lastMs - row.firstMs)
}

function decodeRow(from: ByteReader): SessionRow {
  const hash = from.varint()
  const bits = from.u8()
  const row: SessionRow = {
    hash,
    begins: (bits & 4) !== 0,
    layout: (bits & 3) as Layout,
    page: from.string(),
    xPx: from.zigzag(),
    yPx: from.zigzag(),
    viewportPx: from.varint(),
    heightPx: from.varint(),
    events: from.varint(),
    firstMs: from.varint(),
    lastMs: 0,
  }
  row.lastMs = row.firstMs + from.varint()
  return row
}
