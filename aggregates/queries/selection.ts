import { layouts, type Layout } from '../layout.ts'

/** What a query is about; null = all of them together. */
export interface Selection {
  site: number
  page: string | null
  layout: Layout | null
}

/** The layouts that a selection names. */
export function layoutsOf({ layout }: Selection): Layout[] {
  return layout === null ? layouts.map((_, index) => index as Layout) : [layout]
}

/** Splits `<layout>/<page>` behind a prefix of the given length; a page may contain slashes. */
export function layoutAndPage(field: string, prefixLength: number): { layout: Layout; page: string } {
  return { layout: Number(field[prefixLength]) as Layout, page: field.slice(prefixLength + 2) }
}
