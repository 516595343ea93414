import type { PageOutline } from '@sightline/protocol/page-outline'
import { type RestResult, useRest } from '../rest/use-rest.ts'

/** The outline of a page; `outline` is null where none is known. */
export function usePageOutline(site: number, page: string): RestResult<{ outline: PageOutline | null }> {
  return useRest(`/api/v1/sites/${site}/outline?page=${encodeURIComponent(page)}`)
}
