import type { CommitOutcome } from '@sightline/engine/store/live-store'

export type LossReason = Exclude<CommitOutcome, 'ok' | 'duplicate'>

/** The partition's ownership or its state is lost: drop all memory of it, then take it over anew if still assigned. */
export class OwnershipLost extends Error {
  readonly outcome: LossReason

  constructor(partition: number, outcome: LossReason) {
    super(`partition ${partition}: ${outcome}`)
    this.name = 'OwnershipLost'
    this.outcome = outcome
  }
}
