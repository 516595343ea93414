import { limits } from '@sightline/protocol/limits'
import type { Aggregate } from './aggregate.ts'
import type { ByteReader, ByteWriter } from './binary.ts'
import type { FoldInput, Segment } from './fold-input.ts'
import { GridCounts } from './grid-counts.ts'
import type { Layout } from './layout.ts'
import { sortKeys } from './sort-keys.ts'
import { days, gridHours, minutes } from './time-buckets.ts'

/**
 * Where pointers were and where they clicked, per page and layout (SPEC.md, rules G…). A grid cell is 1/64 of the
 * viewport's width by 20 px of the document, so that pages of different widths lie on each other; rows below the last
 * count into the last. Within a cell (of this aggregate) each outline version has its own counts.
 */
export type GridKind = 'm' | 'c'

export const gridsField = (site: number, layout: Layout, kind: GridKind, page: string) =>
  `${site}/${layout}/${kind}/${page}`

const { gridColumns, gridRowPx, gridRowsMax, outlinesPerBucketMax } = limits
/** Bits of a grid cell's number: row × 64 + column. */
const indexBits = 18
const indexMask = (1 << indexBits) - 1

/** Number of the grid cell at a position in page px; `viewportWidth` is at least 1. */
export function gridIndex(x: number, y: number, viewportWidth: number): number {
  const column = Math.min(gridColumns - 1, Math.floor((x * gridColumns) / viewportWidth))
  const row = Math.min(gridRowsMax - 1, Math.floor(y / gridRowPx))
  return row * gridColumns + column
}

/** Counts by outline version; 0 = no outline, and all versions beyond the limit. */
export class GridCell {
  readonly outlines = new Map<number, GridCounts>()

  /** The counts of an outline version, or of 0 when the cell has as many versions as it may. */
  outline(version: number): GridCounts {
    let counts = this.outlines.get(version)
    if (counts === undefined) {
      const versions = this.outlines.size - (this.outlines.has(0) ? 1 : 0)
      if (version !== 0 && versions >= outlinesPerBucketMax) return this.outline(0)
      counts = new GridCounts()
      this.outlines.set(version, counts)
    }
    return counts
  }

  /** Sum of all counts. */
  total(): number {
    let sum = 0
    for (const counts of this.outlines.values()) counts.forEach((_, count) => (sum += count))
    return sum
  }
}

/**
 * One 32-bit key per event: number of the grid in this draft (14 bits), grid cell (18 bits). Nothing is added up while
 * folding; at the commit the keys are sorted and equal ones counted. That is cheaper than a hash table per event.
 */
class GridsDraft {
  keys = new Uint32Array(4_096)
  count = 0
  /** Grid number by group, outline and kind. */
  readonly numbers = new Map<number, number>()
  /** Three per grid: group, kind (0 moves, 1 clicks), outline. */
  readonly grids: number[] = []
  readonly outlineIndex = new Map<number, number>()
}

export const grids: Aggregate<GridsDraft, GridCell> = {
  name: 'grids',
  section: 5,
  resolutions: [minutes, gridHours, days],

  createDraft: () => new GridsDraft(),

  fold(draft, input) {
    for (let i = 0; i < input.segmentCount; i++) {
      const segment = input.segments[i]
      if (segment.moveEnd > segment.moveStart) foldMoves(draft, input, segment)
      if (segment.clickEnd > segment.clickStart) foldClicks(draft, input, segment)
    }
  },

  isEmpty: (draft) => draft.count === 0,
  encodeDelta,
  clear(draft) {
    draft.count = 0
    draft.numbers.clear()
    draft.grids.length = 0
    draft.outlineIndex.clear()
  },

  apply(section, tables, cells) {
    for (let left = section.count(); left > 0; left--) {
      const { site, page, layout, minuteMs } = tables.groups[section.varint()]
      const kind: GridKind = section.u8() === 0 ? 'm' : 'c'
      const version = section.u32()
      const into = cells
        .touch(gridsField(site, layout, kind, page), minuteMs)
        .map((cell) => cell.outline(version))
      const length = readIncrements(section)
      for (const counts of into) counts.addAll(indexes, increments, length)
    }
  },

  createCell: () => new GridCell(),
  encodeCell,
  decodeCell(bytes) {
    const cell = new GridCell()
    for (let outlines = bytes.count(5); outlines > 0; outlines--) {
      const counts = cell.outline(bytes.u32())
      let index = 0
      for (let indexes = bytes.count(2); indexes > 0; indexes--) {
        index += bytes.varint()
        counts.add(index, bytes.varint())
      }
    }
    return cell
  },
  merge(into, from) {
    for (const [version, counts] of from.outlines) {
      const target = into.outline(version)
      counts.forEach((index, count) => target.add(index, count))
    }
  },
}

/** The increments of one grid, read once and added to the cells of three resolutions. Reused. */
let indexes = new Uint32Array(1_024)
let increments = new Uint32Array(1_024)

function readIncrements(section: ByteReader): number {
  const length = section.count(2)
  if (length > indexes.length) {
    indexes = new Uint32Array(length * 2)
    increments = new Uint32Array(length * 2)
  }
  let index = 0
  for (let i = 0; i < length; i++) {
    index += section.varint()
    if (index > indexMask) throw new RangeError(`grid cell ${index} at offset ${section.offset}`)
    indexes[i] = index
    increments[i] = section.varint()
  }
  return length
}

function foldMoves(draft: GridsDraft, input: FoldInput, segment: Segment): void {
  const { moveX, moveY } = input.batch
  const width = Math.max(1, input.batch.vw)
  const grid = gridNumber(draft, input, segment, 0) << indexBits
  reserve(draft, segment.moveEnd - segment.moveStart)
  const { keys } = draft
  let at = draft.count
  for (let i = segment.moveStart; i < segment.moveEnd; i++)
    keys[at++] = grid | gridIndex(moveX[i], moveY[i], width)
  draft.count = at
}

function foldClicks(draft: GridsDraft, input: FoldInput, segment: Segment): void {
  const { clickX, clickY } = input.batch
  const width = Math.max(1, input.batch.vw)
  const grid = gridNumber(draft, input, segment, 1) << indexBits
  reserve(draft, segment.clickEnd - segment.clickStart)
  for (let i = segment.clickStart; i < segment.clickEnd; i++) {
    draft.keys[draft.count++] = grid | gridIndex(clickX[i], clickY[i], width)
  }
}

function gridNumber(draft: GridsDraft, input: FoldInput, segment: Segment, kind: 0 | 1): number {
  const { outline } = input.batch
  let outlineIndex = outline === 0 ? 0 : draft.outlineIndex.get(outline)
  if (outlineIndex === undefined) {
    outlineIndex = draft.outlineIndex.size + 1
    draft.outlineIndex.set(outline, outlineIndex)
  }
  // Groups need 14 bits; outline versions in one draft are few, and the product stays exact far beyond 32 bits.
  const key = (outlineIndex * 2 + kind) * 16_384 + segment.group
  let number = draft.numbers.get(key)
  if (number === undefined) {
    number = draft.numbers.size
    if (number >= 16_384)
      throw new RangeError('more grids in one commit than limits.draftGroupsMax provides for')
    draft.numbers.set(key, number)
    draft.grids.push(segment.group, kind, outline)
  }
  return number
}

function reserve(draft: GridsDraft, count: number): void {
  if (draft.count + count <= draft.keys.length) return
  const keys = new Uint32Array((draft.count + count) * 2)
  keys.set(draft.keys.subarray(0, draft.count))
  draft.keys = keys
}

/** Grids in the order of their first event (which outline versions get in depends on it), cells ascending with counts. */
function encodeDelta(draft: GridsDraft, out: ByteWriter): void {
  const keys = sortKeys(draft.keys, draft.count)
  out.varint(draft.numbers.size)
  let at = 0
  for (let number = 0; number < draft.numbers.size; number++) {
    out.varint(draft.grids[number * 3])
    out.u8(draft.grids[number * 3 + 1])
    out.u32(draft.grids[number * 3 + 2])
    const start = at
    let distinct = 0
    for (; at < draft.count && keys[at] >>> indexBits === number; at++) {
      if (at === start || keys[at] !== keys[at - 1]) distinct++
    }
    out.varint(distinct)
    let before = 0
    for (let i = start; i < at;) {
      const key = keys[i]
      let count = 1
      while (i + count < at && keys[i + count] === key) count++
      i += count
      const index = key & indexMask
      out.varint(index - before)
      out.varint(count)
      before = index
    }
  }
}

function encodeCell(cell: GridCell, out: ByteWriter): void {
  out.varint(cell.outlines.size)
  for (const version of [...cell.outlines.keys()].sort((a, b) => a - b)) {
    const counts = cell.outlines.get(version) as GridCounts
    out.u32(version)
    out.varint(counts.size)
    let before = 0
    counts.forEach((index, count) => {
      out.varint(index - before)
      out.varint(count)
      before = index
    })
  }
}
