import type { Ledger } from '@sightline/protocol/live-frames'
import { ledger, toLedger } from '../ledger.ts'
import type { PartitionState } from '../partition-state.ts'

/** The site's ledger since it exists, over all partitions. */
export function siteLedger(states: readonly PartitionState[], site: number): Ledger {
  const total = ledger.createCell()
  for (const state of states) {
    const cell = state.store(ledger).cell(`${site}`)
    if (cell !== undefined) ledger.merge(total, cell)
  }
  return toLedger(total)
}

/** Sites that have a ledger, ascending. */
export function sitesWithData(states: readonly PartitionState[]): number[] {
  const sites = new Set<number>()
  for (const state of states) {
    for (const field of state.store(ledger).bucket()?.entries.keys() ?? []) sites.add(Number(field))
  }
  return [...sites].sort((a, b) => a - b)
}
