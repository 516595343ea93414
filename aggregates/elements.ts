import { limits } from '@sightline/protocol/limits'
import type { Aggregate } from './aggregate.ts'
import type { ByteReader, ByteWriter } from './binary.ts'
import { ByteInterner } from './byte-interner.ts'
import type { Layout } from './layout.ts'
import { SpaceSaving } from './space-saving.ts'
import { days, hours, minutes } from './time-buckets.ts'

/**
 * Clicks by element, per page and layout and for the whole site (SPEC.md, rules AE…): exact for up to 4,096 elements per
 * cell, beyond that with a stated error. A click without a target counts for the element ''.
 */
export const elementsField = {
  site: (site: number) => `${site}/site`,
  page: (site: number, layout: Layout, page: string) => `${site}/page/${layout}/${page}`,
}

/** Targets known from earlier commits are kept up to this many, to save decoding them again. */
const internedMax = 16_384

/** The clicks in record order, as runs of (group, target). */
class ElementsDraft {
  readonly interner = new ByteInterner()
  readonly groups: number[] = []
  readonly targets: number[] = []
  readonly counts: number[] = []

  add(group: number, target: number): void {
    const newest = this.groups.length - 1
    if (newest >= 0 && this.groups[newest] === group && this.targets[newest] === target) {
      this.counts[newest]++
      return
    }
    this.groups.push(group)
    this.targets.push(target)
    this.counts.push(1)
  }
}

export const elements: Aggregate<ElementsDraft, SpaceSaving> = {
  name: 'elements',
  section: 6,
  resolutions: [minutes, hours, days],

  createDraft: () => new ElementsDraft(),
  fold(draft, input) {
    const { batch } = input
    for (let i = 0; i < input.segmentCount; i++) {
      const { group, clickStart, clickEnd } = input.segments[i]
      for (let click = clickStart; click < clickEnd; click++) {
        const target = draft.interner.intern(
          batch.bytes,
          batch.clickTargetStart[click],
          batch.clickTargetEnd[click],
        )
        draft.add(group, target)
      }
    }
  },
  isEmpty: (draft) => draft.groups.length === 0,
  encodeDelta,
  clear(draft) {
    draft.groups.length = 0
    draft.targets.length = 0
    draft.counts.length = 0
    if (draft.interner.size > internedMax) draft.interner.clear()
  },

  apply(section, tables, cells) {
    const targets = readTargets(section)
    // The order of clicks has to be kept, so groups come again and again: their cells are looked up once.
    const cellsByGroup: SpaceSaving[][] = []
    for (let left = section.count(3); left > 0; left--) {
      const group = section.varint()
      const target = targets[section.varint()]
      const count = section.varint()
      const { site, page, layout, minuteMs } = tables.groups[group]
      cellsByGroup[group] ??= [
        ...cells.touch(elementsField.page(site, layout, page), minuteMs),
        ...cells.touch(elementsField.site(site), minuteMs),
      ]
      for (const cell of cellsByGroup[group]) cell.add(target, count)
    }
  },

  createCell: () => new SpaceSaving(limits.elementsPerCellMax),
  encodeCell: (cell, out) => cell.encode(out),
  decodeCell(bytes) {
    const cell = new SpaceSaving(limits.elementsPerCellMax)
    cell.decode(bytes)
    return cell
  },
  /** For queries over few cells prefer ElementCounts, which keeps the error of what was displaced. */
  merge(into, from) {
    from.forEach((key, count) => into.add(key, count))
  },
}

function encodeDelta(draft: ElementsDraft, out: ByteWriter): void {
  // Numbers of this delta, in the order of first use.
  const numbers = new Map<number, number>()
  for (const target of draft.targets) if (!numbers.has(target)) numbers.set(target, numbers.size)
  out.varint(numbers.size)
  for (const target of numbers.keys()) out.bytes(draft.interner.bytesOf(target))
  out.varint(draft.groups.length)
  for (let i = 0; i < draft.groups.length; i++) {
    out.varint(draft.groups[i])
    out.varint(numbers.get(draft.targets[i]) as number)
    out.varint(draft.counts[i])
  }
}

function readTargets(section: ByteReader): string[] {
  const targets: string[] = []
  for (let left = section.count(); left > 0; left--) targets.push(section.string())
  return targets
}

/** Elements over several cells, with bounds: count - error ≤ true count ≤ count. */
export class ElementCounts {
  readonly #counts = new Map<string, { count: number; error: number; inFull: number }>()
  /** Sum of the floors of cells that displaced keys. */
  #floor = 0

  add(cell: SpaceSaving): void {
    const { floor } = cell
    cell.forEach((target, count, error) => {
      const sum = this.#counts.get(target)
      if (sum === undefined) this.#counts.set(target, { count, error, inFull: floor })
      else {
        sum.count += count
        sum.error += error
        sum.inFull += floor
      }
    })
    this.#floor += floor
  }

  /** Highest counts first, equal ones by name; a key missing from a full cell may have had up to its floor there. */
  top(max: number): { target: string; clicks: number; error: number }[] {
    return [...this.#counts]
      .map(([target, { count, error, inFull }]) => {
        const unseen = this.#floor - inFull
        return { target, clicks: count + unseen, error: error + unseen }
      })
      .sort((a, b) => b.clicks - a.clicks || (a.target < b.target ? -1 : 1))
      .slice(0, max)
  }
}
