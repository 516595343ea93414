import type { PageOutline } from '@sightline/protocol/page-outline'

/** Where outlines come from; null = none is known for this page. */
export type OutlineSource = (site: number, page: string) => PageOutline | null
