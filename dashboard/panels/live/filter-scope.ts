import type { SliceName } from '../../worker/worker-messages.ts'
import type { ViewState } from '../../view-state/view-state.ts'

/** The dimensions by which each slice is kept; a filter can only apply where its dimension exists. */
const dimensions: Partial<Record<SliceName, readonly ('page' | 'layout')[]>> = {
  buttons: ['page', 'layout'],
  edges: [],
  sessions: [],
  series: [],
  numbers: [],
  stages: [],
}

/** Says which of the filters that are on do not apply to a slice; null when all do. */
export function filterScope(slice: SliceName, state: ViewState): string | null {
  const has = dimensions[slice] ?? []
  const missing: string[] = []
  if (state.page !== null && !has.includes('page')) missing.push('all pages')
  if (state.layout !== null && !has.includes('layout')) missing.push('all layouts')
  return missing.length === 0 ? null : missing.join(', ')
}
