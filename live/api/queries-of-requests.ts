import { z } from 'zod'
import { layouts } from '@sightline/aggregates/layout'
import { limits } from '@sightline/protocol/limits'

/** ms since the epoch; at most a millennium ahead, so that a slip of a digit is told. */
const time = z.coerce.number().int().min(0).max(32_503_680_000_000)

/** The site in the path. */
export const siteId = z.coerce.number().int().min(1).max(2_147_483_647)

export const range = z.strictObject({
  from: time.optional().describe('Start, ms since the epoch; default: a day before `to`.'),
  to: time.optional().describe('End (exclusive), ms since the epoch; default: now.'),
})

export const resolution = z.enum(['minute', 'hour', 'day'])

export const filteredRange = range.extend({
  page: z.string().min(1).max(limits.pageBytesMax).optional().describe('One page, by its path.'),
  layout: z.enum(layouts).optional().describe('One layout class, by viewport width.'),
})

export const totalsQuery = filteredRange
export const seriesQuery = filteredRange.extend({
  resolution: resolution
    .optional()
    .describe('Width of a point; default: the finest that is still kept at `from`.'),
})
export const elementsQuery = filteredRange.extend({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})
export const pagesQuery = range.extend({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})
export const edgesQuery = range.extend({
  layout: z.enum(layouts).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
})
export const gridQuery = range.extend({
  page: z.string().min(1).max(limits.pageBytesMax),
  layout: z.enum(layouts).default('desktop'),
  kind: z.enum(['moves', 'clicks']).default('moves'),
})

export const outlineQuery = z.strictObject({ page: z.string().min(1).max(limits.pageBytesMax) })

export const signInBody = z.object({ token: z.string().max(256) })

export type TotalsQuery = z.output<typeof totalsQuery>
export type SeriesQuery = z.output<typeof seriesQuery>
export type ElementsQuery = z.output<typeof elementsQuery>
export type PagesQuery = z.output<typeof pagesQuery>
export type EdgesQuery = z.output<typeof edgesQuery>
export type OutlineQuery = z.output<typeof outlineQuery>
export type GridQuery = z.output<typeof gridQuery>
