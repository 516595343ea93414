import { limits } from '@sightline/protocol/limits'
import type { ByteReader, ByteWriter } from './binary.ts'
import type { DeltaTables } from './delta.ts'
import type { FoldInput } from './fold-input.ts'
import type { Layout } from './layout.ts'

/**
 * Recent points for the live view (SPEC.md, rules P…). They travel in the delta and are kept in no cell. At most
 * `pointsPerCommitMax` moves and as many clicks per commit: of the moves one in `sampledOneIn` (1, 2, 4, …) is kept,
 * evenly by their order; of the clicks all, those beyond the limit are only counted.
 */
export const pointsSection = 9

const pointsMax = limits.pointsPerCommitMax

/** The points of one batch, as they are read. `xPx` and `yPx` are page px, `timeMs` the corrected event time. */
export interface PointVisitor {
  /** Called once per delta with points. `clicksLeftOut` were beyond the limit. */
  begin(sampledOneIn: number, clicksLeftOut: number): void
  /** What the points that follow have in common. */
  batch(batch: PointBatch): void
  point(timeMs: number, xPx: number, yPx: number, isClick: boolean): void
}

/** Reused: copy what you keep. */
export interface PointBatch {
  site: number
  page: string
  layout: Layout
  /** 32 bits of the session's hash. */
  session: number
  viewportPx: number
  heightPx: number
}

/** Numbers per batch in PointsDraft.batches: page index, layout, session, viewport width, document height. */
const batchNumbers = 5

export class PointsDraft {
  #oneIn = 1
  /** Moves seen since the last clear. */
  #moves = 0
  #clicksLeftOut = 0
  #moveCount = 0
  #clickCount = 0
  readonly #batches: number[] = []
  readonly #moveColumns = new PointColumns(pointsMax)
  readonly #clickColumns = new PointColumns(pointsMax)

  get isEmpty(): boolean {
    return this.#moves === 0 && this.#clickCount === 0
  }

  fold(input: FoldInput): void {
    const { batch } = input
    if (batch.moveCount === 0 && batch.clickCount === 0) return
    const number = this.#batches.length / batchNumbers
    this.#batches.push(input.pageIndex, input.layout, input.sessionHi, batch.vw, batch.dh)
    this.#foldMoves(input, number)
    for (let i = 0; i < batch.clickCount; i++) {
      if (this.#clickCount === pointsMax) {
        this.#clicksLeftOut += batch.clickCount - i
        break
      }
      this.#clickColumns.set(
        this.#clickCount++,
        number,
        input.eventMs(batch.clickDt[i]),
        batch.clickX[i],
        batch.clickY[i],
      )
    }
  }

  #foldMoves(input: FoldInput, number: number): void {
    const { moveCount, moveDt, moveX, moveY } = input.batch
    // Every `oneIn`th of all moves of this commit: the first in this batch that is due.
    let i = (this.#oneIn - (this.#moves % this.#oneIn)) % this.#oneIn
    while (i < moveCount) {
      if (this.#moveCount === pointsMax) {
        this.#halve()
        // Only every second of the places that were due is due now.
        if ((this.#moves + i) % this.#oneIn !== 0) i += this.#oneIn / 2
        continue
      }
      this.#moveColumns.set(this.#moveCount++, number, input.eventMs(moveDt[i]), moveX[i], moveY[i])
      i += this.#oneIn
    }
    this.#moves += moveCount
  }

  #halve(): void {
    this.#oneIn *= 2
    this.#moveCount = this.#moveColumns.keepEverySecond(this.#moveCount)
  }

  encode(out: ByteWriter): void {
    out.varint(this.#oneIn)
    out.varint(this.#clicksLeftOut)
    let move = 0
    let click = 0
    while (move < this.#moveCount || click < this.#clickCount) {
      const number = Math.min(
        move < this.#moveCount ? this.#moveColumns.batch[move] : Infinity,
        click < this.#clickCount ? this.#clickColumns.batch[click] : Infinity,
      )
      const moves = this.#moveColumns.runOf(number, move, this.#moveCount)
      const clicks = this.#clickColumns.runOf(number, click, this.#clickCount)
      this.#encodeBatch(number, move, moves, click, clicks, out)
      move += moves
      click += clicks
    }
  }

  /** Moves, then clicks; each point as differences from the one before. */
  #encodeBatch(
    number: number,
    move: number,
    moves: number,
    click: number,
    clicks: number,
    out: ByteWriter,
  ): void {
    const at = number * batchNumbers
    out.varint(this.#batches[at])
    out.u8(this.#batches[at + 1])
    out.u32(this.#batches[at + 2])
    out.varint(this.#batches[at + 3])
    out.varint(this.#batches[at + 4])
    out.varint(moves)
    out.varint(clicks)
    let [time, x, y] = [0, 0, 0]
    for (let i = 0; i < moves + clicks; i++) {
      const columns = i < moves ? this.#moveColumns : this.#clickColumns
      const from = i < moves ? move + i : click + i - moves
      out.zigzag(columns.time[from] - time)
      out.zigzag(columns.x[from] - x)
      out.zigzag(columns.y[from] - y)
      time = columns.time[from]
      x = columns.x[from]
      y = columns.y[from]
    }
  }

  clear(): void {
    this.#oneIn = 1
    this.#moves = 0
    this.#clicksLeftOut = 0
    this.#moveCount = 0
    this.#clickCount = 0
    this.#batches.length = 0
  }
}

class PointColumns {
  readonly batch: Uint32Array
  readonly time: Float64Array
  readonly x: Int32Array
  readonly y: Int32Array

  constructor(capacity: number) {
    this.batch = new Uint32Array(capacity)
    this.time = new Float64Array(capacity)
    this.x = new Int32Array(capacity)
    this.y = new Int32Array(capacity)
  }

  set(at: number, batch: number, time: number, x: number, y: number): void {
    this.batch[at] = batch
    this.time[at] = time
    this.x[at] = x
    this.y[at] = y
  }

  /** Number of points from `start` on that belong to the batch. */
  runOf(batch: number, start: number, count: number): number {
    let end = start
    while (end < count && this.batch[end] === batch) end++
    return end - start
  }

  /** Returns how many are left. */
  keepEverySecond(count: number): number {
    let kept = 0
    for (let i = 0; i < count; i += 2) this.set(kept++, this.batch[i], this.time[i], this.x[i], this.y[i])
    return kept
  }
}

/** Reads a points section; allocates one object per section. */
export function readPoints(section: ByteReader, tables: DeltaTables, visitor: PointVisitor): void {
  const sampledOneIn = section.varint()
  visitor.begin(sampledOneIn, section.varint())
  const batch: PointBatch = { site: 0, page: '', layout: 0, session: 0, viewportPx: 0, heightPx: 0 }
  while (!section.atEnd) {
    const { site, page } = tables.pages[section.varint()]
    batch.site = site
    batch.page = page
    batch.layout = (section.u8() & 3) as Layout
    batch.session = section.u32()
    batch.viewportPx = section.varint()
    batch.heightPx = section.varint()
    const moves = section.count(3)
    const clicks = section.count(3)
    visitor.batch(batch)
    let [time, x, y] = [0, 0, 0]
    for (let i = 0; i < moves + clicks; i++) {
      time += section.zigzag()
      x += section.zigzag()
      y += section.zigzag()
      visitor.point(time, x, y, i >= moves)
    }
  }
}
