import { type RestResult, useRest } from '../rest/use-rest.ts'

/** A visible block of a page; its top left corner and size, page px. */
export interface OutlineBlock {
  role: 'heading' | 'text' | 'image' | 'button' | 'input' | 'link'
  x: number
  y: number
  w: number
  h: number
}

/** What is visible on a page at one viewport width: rectangles, never text or pixels. */
export interface PageOutline {
  viewportPx: number
  heightPx: number
  blocks: OutlineBlock[]
}

/** The outline of a page; `outline` is null where none is known. */
export function usePageOutline(site: number, page: string): RestResult<{ outline: PageOutline | null }> {
  return useRest(`/api/v1/sites/${site}/outline?page=${encodeURIComponent(page)}`)
}
