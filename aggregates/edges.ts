import { limits } from '@sightline/protocol/limits'
import type { Aggregate } from './aggregate.ts'
import type { ByteReader, ByteWriter } from './binary.ts'
import type { FoldInput } from './fold-input.ts'
import type { Layout } from './layout.ts'
import type { Name } from './name-dictionary.ts'
import { isPageView } from './page-views.ts'
import { days, hours, minutes } from './time-buckets.ts'

/**
 * How visitors go from page to page, per site and layout (SPEC.md, rules X…). One mark is one step: it names the page
 * that was left, the batch names the page that was reached. So each mark counts for itself, in any order:
 *
 *   views[to] + 1, exits[to] + 1, and  from known: step(from → to) + 1, exits[from] - 1;  else: entries[to] + 1
 *
 * Exits of a page may be below zero in a bucket when the view was in an earlier one; queries show them from zero up.
 */
export const edgesField = (site: number, layout: Layout) => `${site}/${layout}`

/** Joins the two pages of a step; no path has it. */
const arrow = '\u0000'
/** Steps beyond the limit of a cell. */
export const otherStep = `*other*${arrow}*other*`

export class EdgesCell {
  /** By `from` + arrow + `to`. */
  readonly steps = new Map<string, number>()
  readonly pages = new Map<string, PageSteps>()

  addStep(key: string, count: number): void {
    const before = this.steps.get(key)
    if (before !== undefined) this.steps.set(key, before + count)
    else if (this.steps.size < limits.edgesPerCellMax) this.steps.set(key, count)
    else this.steps.set(otherStep, (this.steps.get(otherStep) ?? 0) + count)
  }

  page(page: string): PageSteps {
    let steps = this.pages.get(page)
    if (steps === undefined) this.pages.set(page, (steps = { views: 0, entries: 0, exits: 0 }))
    return steps
  }
}

export interface PageSteps {
  views: number
  entries: number
  /** Views not yet followed by another. */
  exits: number
}

/** Pages of a step's key. */
export function pagesOfStep(key: string): [from: string, to: string] {
  const at = key.indexOf(arrow)
  return [key.slice(0, at), key.slice(at + 1)]
}

interface Step {
  group: number
  /** Index of the page that was left, plus one; 0 = entry. */
  from: number
  count: number
}

/** Steps by (group, from), in the order of their first mark. The group names the page that was reached. */
type EdgesDraft = Map<number, Step>

export const edges: Aggregate<EdgesDraft, EdgesCell> = {
  name: 'edges',
  section: 7,
  resolutions: [minutes, hours, days],

  createDraft: () => new Map(),
  fold(draft, input) {
    const { batch } = input
    for (let i = 0; i < input.segmentCount; i++) {
      const { group, markStart, markEnd } = input.segments[i]
      for (let mark = markStart; mark < markEnd; mark++) {
        if (!isPageView(batch.markKind[mark])) continue
        const left = pageLeft(input, mark)
        const from = left === null ? 0 : input.tables.page(left) + 1
        const key = group * 65_536 + from
        const step = draft.get(key)
        if (step === undefined) draft.set(key, { group, from, count: 1 })
        else step.count++
      }
    }
  },
  isEmpty: (draft) => draft.size === 0,
  encodeDelta(draft, out) {
    out.varint(draft.size)
    for (const { group, from, count } of draft.values()) {
      out.varint(group)
      out.varint(from)
      out.varint(count)
    }
  },
  clear: (draft) => draft.clear(),

  apply(section, tables, cells) {
    for (let left = section.count(3); left > 0; left--) {
      const { site, page, layout, minuteMs } = tables.groups[section.varint()]
      const from = section.varint()
      const count = section.varint()
      for (const cell of cells.touch(edgesField(site, layout), minuteMs)) {
        const reached = cell.page(page)
        reached.views += count
        reached.exits += count
        if (from === 0) {
          reached.entries += count
          continue
        }
        const leftPage = tables.pages[from - 1].page
        cell.page(leftPage).exits -= count
        cell.addStep(leftPage + arrow + page, count)
      }
    }
  },

  createCell: () => new EdgesCell(),
  encodeCell,
  decodeCell,
  merge(into, from) {
    for (const [key, count] of from.steps) into.addStep(key, count)
    for (const [page, steps] of from.pages) {
      const target = into.page(page)
      target.views += steps.views
      target.entries += steps.entries
      target.exits += steps.exits
    }
  },
}

/** The page that a mark names as left; null = none, the view is an entry. */
function pageLeft({ batch, pages, site }: FoldInput, mark: number): Name | null {
  const start = batch.markValueStart[mark]
  const end = batch.markValueEnd[mark]
  return end > start ? pages.lookup(site, batch.bytes, start, end) : null
}

/** Pages and steps by name. */
function encodeCell(cell: EdgesCell, out: ByteWriter): void {
  const pages = [...cell.pages.keys()].sort()
  out.varint(pages.length)
  for (const page of pages) {
    const { views, entries, exits } = cell.page(page)
    out.string(page)
    out.varint(views)
    out.varint(entries)
    out.zigzag(exits)
  }
  const steps = [...cell.steps].sort(([a], [b]) => (a < b ? -1 : 1))
  out.varint(steps.length)
  for (const [key, count] of steps) {
    out.string(key)
    out.varint(count)
  }
}

function decodeCell(from: ByteReader): EdgesCell {
  const cell = new EdgesCell()
  for (let left = from.count(4); left > 0; left--) {
    const steps = cell.page(from.string())
    steps.views = from.varint()
    steps.entries = from.varint()
    steps.exits = from.zigzag()
  }
  for (let left = from.count(2); left > 0; left--) cell.steps.set(from.string(), from.varint())
  return cell
}
