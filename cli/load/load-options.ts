import { z } from 'zod'

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most)

/** What `sightline load` can be told. */
export const loadOptions = z.object({
  /** Events per second, over all visitors. */
  rate: whole(1, 10_000_000).default(10_000),
  /** Connections; each is a visitor of its own. */
  visitors: whole(1, 20_000).default(200),
  seconds: whole(1, 86_400).default(10),
  /** Events per frame. */
  frame: whole(1, 500).default(30),
  /** Site to send for; its write key is asked from the live server. */
  site: whole(1, 2_147_483_647).default(1),
})

export type LoadOptions = z.output<typeof loadOptions>
