import { limits } from '@sightline/protocol/limits'

/** Share of a core in use at which commits begin to be made rarer, and at which they are at their rarest. */
const easyShare = 0.5
const busyShare = 0.9

/**
 * The least time between two commits of a partition, ms. A commit costs the same whether it holds ten records or a
 * thousand: while somebody watches and there is room, they are made often; when this process is busy, rarer and larger.
 */
export function commitPace(watched: boolean, busy: number): number {
  const { commitIntervalMs, commitUnwatchedIntervalMs } = limits
  if (!watched) return commitUnwatchedIntervalMs
  const strain = Math.min(1, Math.max(0, (busy - easyShare) / (busyShare - easyShare)))
  return commitIntervalMs + (commitUnwatchedIntervalMs - commitIntervalMs) * strain
}
