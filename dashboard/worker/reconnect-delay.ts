import { limits } from '@sightline/protocol/limits'

/**
 * How long to wait before connecting again, ms: full jitter, so that a thousand dashboards that lost the same server
 * do not come back in the same instant.
 *
 * @param attempt 0 for the first attempt after a connection was lost, then 1, 2, …
 * @param random a number in [0, 1)
 */
export function reconnectDelay(attempt: number, random: number): number {
  const ceiling = Math.min(
    limits.dashboardReconnectMsMax,
    limits.dashboardReconnectMsMin * 2 ** Math.min(attempt, 16),
  )
  return Math.round(random * ceiling)
}
