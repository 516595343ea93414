import { type LayoutName, layoutNames } from '@sightline/protocol/live-frames'
import { limits } from '@sightline/protocol/limits'

/** What the address says about the view: everything that a shared link has to bring back. */
export interface ViewState {
  /** null = the site that this browser showed last, else the first. */
  site: number | null
  page: string | null
  layout: LayoutName | null
}

/** Reads the query part of an address; what is not valid counts as not there. */
export function parseViewState(query: string): ViewState {
  const parameters = new URLSearchParams(query)
  const site = Number(parameters.get('site') ?? Number.NaN)
  const page = parameters.get('page')
  const layout = parameters.get('layout')
  return {
    site: Number.isInteger(site) && site >= 1 && site <= limits.sequenceMax ? site : null,
    page: page !== null && page !== '' && page.length <= limits.pageBytesMax ? page : null,
    layout: layoutNames.find((name) => name === layout) ?? null,
  }
}

/** The query part with a leading `?`, or '' when there is nothing to say. */
export function formatViewState(state: ViewState): string {
  const parameters = new URLSearchParams()
  if (state.site !== null) parameters.set('site', String(state.site))
  if (state.page !== null) parameters.set('page', state.page)
  if (state.layout !== null) parameters.set('layout', state.layout)
  const query = parameters.toString()
  return query === '' ? '' : `?${query}`
}
