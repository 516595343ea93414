import { limits } from '@sightline/protocol/limits'
import type { ByteReader, ByteWriter } from './binary.ts'
import { windowWords, type LaneTable } from './lane-table.ts'

/** Sees each lane that is read back, with the second of its newest folded record (0 = none), for SessionActivity. */
export type OnLane = (sessionHi: number, sessionLo: number, activeSecond: number, lastMs: number) => void

/** One lane with its window. */
export function encodeLane(table: LaneTable, row: number, out: ByteWriter): void {
  out.u32(table.sessionHi[row])
  out.u32(table.sessionLo[row])
  out.u32(table.lane[row])
  out.varint(table.site[row])
  out.varint(table.hi[row])
  out.varint(table.accepted[row])
  out.varint(table.sealed[row])
  out.varint(table.lostRing[row])
  out.varint(table.lostRefused[row])
  out.varint(table.thinned[row])
  out.varint(table.lastMs[row])
  out.varint(table.activeSecond[row])
  out.u8(table.flags[row])
  encodeHoles(table, row, out)
}

/** Puts a lane in, over what is known of it. */
export function decodeLane(table: LaneTable, from: ByteReader, onLane: OnLane): void {
  const [sessionHi, sessionLo, lane, site] = [from.u32(), from.u32(), from.u32(), from.varint()]
  let row = table.find(sessionHi, sessionLo, lane)
  if (row < 0) row = table.add(sessionHi, sessionLo, lane, site)
  table.hi[row] = from.varint()
  table.accepted[row] = from.varint()
  table.sealed[row] = from.varint()
  table.lostRing[row] = from.varint()
  table.lostRefused[row] = from.varint()
  table.thinned[row] = from.varint()
  table.lastMs[row] = from.varint()
  table.activeSecond[row] = from.varint()
  table.flags[row] = from.u8()
  decodeHoles(table, row, from)
  onLane(sessionHi, sessionLo, table.activeSecond[row], table.lastMs[row])
}

/** Few holes are listed, as distances downwards from the highest seq; many are sent as the bits of the window. */
function encodeHoles(table: LaneTable, row: number, out: ByteWriter): void {
  const holes = table.holes[row]
  out.varint(holes)
  if (holes > holesListedMax) {
    for (const word of table.windowOf(row)) out.u32(word)
    return
  }
  let left = holes
  let before = table.hi[row]
  for (let seq = before - 1; left > 0; seq--) {
    if (table.hasBit(row, seq)) continue
    out.varint(before - seq)
    before = seq
    left--
  }
}

function decodeHoles(table: LaneTable, row: number, from: ByteReader): void {
  const holes = from.varint()
  if (holes === 0) table.dropWindow(row)
  else if (table.window[row] < 0) table.addWindow(row)
  table.holes[row] = holes
  if (holes > holesListedMax) {
    const words = table.windowOf(row)
    for (let i = 0; i < windowWords; i++) words[i] = from.u32()
    return
  }
  if (holes > 0) fillWindow(table, row, table.hi[row])
  let seq = table.hi[row]
  for (let left = holes; left > 0; left--) {
    seq -= from.varint()
    table.setBit(row, seq, false)
  }
}

/** Beyond this the bits of the window are shorter. */
const holesListedMax = 64

/** Marks all seqs within reach up to `hi` as arrived. */
export function fillWindow(table: LaneTable, row: number, hi: number): void {
  table.windowOf(row).fill(0)
  for (let seq = Math.max(1, hi - limits.laneWindowBatches + 1); seq <= hi; seq++)
    table.setBit(row, seq, true)
}
