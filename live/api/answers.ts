import { z } from 'zod'

const count = z.number().int()
const ms = z.number()
/** Every answer over a range says which one it covers: ranges snap outward to whole buckets. */
const covered = { fromMs: ms, toMs: ms }

export const configAnswer = z.object({ gatewayUrl: z.string(), version: z.string() })

export const siteAnswer = z.object({
  id: count,
  name: z.string(),
  writeKey: z.string(),
  origins: z.array(z.string()),
  timeZone: z.string(),
})
export const sitesAnswer = z.array(siteAnswer)

export const countsAnswer = z.object({
  events: count,
  moves: count,
  clicks: count,
  scrolls: count,
  marks: count,
  other: count,
  views: count,
})

export const totalsAnswer = countsAnswer.extend({
  ...covered,
  sessions: count
    .nullable()
    .describe('Distinct sessions, ± 1.6 % above 256; null under a filter that has no such count.'),
  sessionsFromMs: ms.describe('Sessions are known by the hour: the range that they are of.'),
  sessionsToMs: ms,
  thinned: count.describe('Pointer samples seen by trackers and not sealed, since the site exists.'),
})

export const seriesAnswer = z.object({
  ...covered,
  resolution: z.enum(['minute', 'hour', 'day']),
  points: z.array(countsAnswer.extend({ startMs: ms })),
})

export const elementsAnswer = z.object({
  ...covered,
  elements: z.array(
    z.object({
      target: z.string(),
      clicks: count,
      error: count.describe('The true count is at most this much lower.'),
    }),
  ),
})

export const pagesAnswer = z.object({
  ...covered,
  pages: z.array(z.object({ page: z.string(), views: count, events: count, heightPx: count })),
})

export const edgesAnswer = z.object({
  ...covered,
  edges: z.array(z.object({ from: z.string().nullable().describe('null = entry'), to: z.string(), count })),
})

export const gridAnswer = z.object({
  ...covered,
  columns: count,
  rowPx: count,
  outlines: z.array(
    z.object({
      outline: count,
      index: z.array(count).describe('row × columns + column'),
      count: z.array(count),
    }),
  ),
})

export const outlineAnswer = z.object({
  outline: z
    .object({
      viewportPx: count,
      heightPx: count,
      blocks: z.array(
        z.object({
          role: z.enum(['heading', 'text', 'image', 'button', 'input', 'link']),
          x: z.number(),
          y: z.number(),
          w: z.number(),
          h: z.number(),
        }),
      ),
    })
    .nullable()
    .describe('null = not known'),
})

export const sessionsAnswer = z.object({
  active: count,
  sessions: z.array(
    z.object({
      id: z.string(),
      page: z.string(),
      layout: z.string(),
      xPx: count,
      yPx: count,
      viewportPx: count,
      heightPx: count,
      events: count,
      firstMs: ms,
      lastMs: ms,
    }),
  ),
})

export const ledgerAnswer = z.object({
  received: count,
  counted: count,
  duplicate: count,
  tooOld: count,
  excluded: count,
  deadLettered: count,
  sealed: count,
  missing: count,
  inFlight: count,
  lost: count,
  lostRing: count,
  lostRefused: count,
  thinned: count,
  lanes: count,
  lanesFinished: count,
  balanced: z.boolean(),
})

export const stagesAnswer = z.array(
  z.object({
    stage: z.string(),
    instance: z.string(),
    atMs: ms,
    figures: z.record(z.string(), z.number()),
  }),
)
