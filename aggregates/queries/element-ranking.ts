import type { ButtonCount } from '@sightline/protocol/live-frames'
import { ElementCounts, elements, elementsField } from '../elements.ts'
import type { PartitionState } from '../partition-state.ts'
import { layoutsOf, type Selection } from './selection.ts'
import type { Cover } from './time-cover.ts'

export interface ElementRank {
  target: string
  clicks: number
  /** The true number is between clicks - error and clicks; 0 = exact. */
  error: number
}

/** Elements with the most clicks, highest first, at most `max`. The element '' stands for clicks without a target. */
export function elementRanking(
  states: readonly PartitionState[],
  selection: Selection,
  cover: Cover,
  max: number,
): ElementRank[] {
  const counts = new ElementCounts()
  for (const state of states) {
    const store = state.store(elements)
    for (const { resolution, startMs } of cover.parts) {
      for (const prefix of fieldsOf(selection))
        store.each(prefix, (cell) => counts.add(cell), resolution, startMs)
    }
  }
  return counts.top(max)
}

/** Ranked buttons for a live frame: those with a name. */
export function topButtons(
  states: readonly PartitionState[],
  selection: Selection,
  cover: Cover,
  max: number,
): ButtonCount[] {
  return elementRanking(states, selection, cover, max + 1)
    .filter(({ target }) => target !== '')
    .slice(0, max)
    .map(({ target, clicks }) => ({ target, clicks }))
}

/** Fields, or beginnings of fields, that together are the selection. */
function fieldsOf(selection: Selection): string[] {
  const { site, page, layout } = selection
  if (page !== null) return layoutsOf(selection).map((each) => elementsField.page(site, each, page))
  return [layout === null ? elementsField.site(site) : `${site}/page/${layout}`]
}
