import type { ButtonCount } from '@sightline/protocol/live-frames'

export interface RankRow {
  target: string
  clicks: number
  /** Place from the top, 0 first. */
  rank: number
  /** Length of the bar, 0 to 1. */
  length: number
}

/**
 * The first `rowsMax` targets with their places, in an order of their own (by name): the elements stay where they are
 * in the document and only move on the screen, which lets them glide.
 */
export function rankRows(buttons: readonly ButtonCount[], rowsMax: number): RankRow[] {
  const ranked = buttons
    .toSorted((a, b) => b.clicks - a.clicks || (a.target < b.target ? -1 : 1))
    .slice(0, rowsMax)
  const most = Math.max(1, ranked[0]?.clicks ?? 0)
  return ranked
    .map(({ target, clicks }, rank) => ({ target, clicks, rank, length: clicks / most }))
    .toSorted((a, b) => (a.target < b.target ? -1 : 1))
}
