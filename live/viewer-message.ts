import { z } from 'zod'
import { layoutNames, type ViewerMessage } from '@sightline/protocol/live-frames'
import { limits } from '@sightline/protocol/limits'

const cursor = z.string().max(512).nullable()

const viewerMessage: z.ZodType<ViewerMessage> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('subscribe'),
    site: z.number().int().positive(),
    page: z.string().max(limits.pageBytesMax).nullable(),
    layout: z.enum(layoutNames as [string, ...string[]]).nullable() as z.ZodType<
      (typeof layoutNames)[number] | null
    >,
    cursor,
  }),
  z.object({ type: z.literal('seen'), sequence: z.number().int().nonnegative() }),
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('resume'), cursor }),
])

/** What a viewer said; null when it isn't in the protocol. */
export function parseViewerMessage(text: string): ViewerMessage | null {
  try {
    const parsed = viewerMessage.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
