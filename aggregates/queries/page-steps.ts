import type { Edge } from '@sightline/protocol/live-frames'
import { EdgesCell, edges, edgesField, pagesOfStep } from '../edges.ts'
import type { PartitionState } from '../partition-state.ts'
import { layoutsOf, type Selection } from './selection.ts'
import type { Cover } from './time-cover.ts'

export interface PageFlow {
  page: string
  views: number
  entries: number
  /** Views that no other followed, in the range. */
  exits: number
}

/** All steps and pages of a site in a range; `selection.page` is not looked at. */
export function pageSteps(states: readonly PartitionState[], selection: Selection, cover: Cover): EdgesCell {
  const sum = new EdgesCell()
  for (const state of states) {
    const store = state.store(edges)
    for (const { resolution, startMs } of cover.parts) {
      for (const layout of layoutsOf(selection)) {
        const cell = store.cell(edgesField(selection.site, layout), resolution, startMs)
        if (cell !== undefined) edges.merge(sum, cell)
      }
    }
  }
  return sum
}

/** The steps and entries with the highest counts, at most `max`; from null = entry. With a page: those that touch it. */
export function topEdges(
  states: readonly PartitionState[],
  selection: Selection,
  cover: Cover,
  max: number,
): Edge[] {
  const cell = pageSteps(states, selection, cover)
  const list: Edge[] = []
  for (const [key, count] of cell.steps) {
    const [from, to] = pagesOfStep(key)
    list.push({ from, to, count })
  }
  for (const [page, { entries }] of cell.pages)
    if (entries > 0) list.push({ from: null, to: page, count: entries })
  const { page } = selection
  return list
    .filter(({ from, to }) => page === null || from === page || to === page)
    .sort(
      (a, b) =>
        b.count - a.count ||
        (a.to < b.to ? -1 : a.to > b.to ? 1 : 0) ||
        ((a.from ?? '') < (b.from ?? '') ? -1 : 1),
    )
    .slice(0, max)
}

/** Views, entries and exits by page, most viewed first, at most `max`. */
export function pageFlows(
  states: readonly PartitionState[],
  selection: Selection,
  cover: Cover,
  max: number,
): PageFlow[] {
  return [...pageSteps(states, selection, cover).pages]
    .map(([page, { views, entries, exits }]) => ({ page, views, entries, exits: Math.max(0, exits) }))
    .sort((a, b) => b.views - a.views || (a.page < b.page ? -1 : 1))
    .slice(0, max)
}
