import type { LogRecord } from '@sightline/engine/log/event-log'
import type { OwnedPartition } from '../owned-partition.ts'

/** What a step decides. Only `ok` goes on to the next step. */
export type StepResult =
  | { readonly outcome: 'ok' }
  /** Not counted, and booked in the ledger with the reason. */
  | { readonly outcome: 'drop'; readonly reason: string }
  /** Not counted, and kept with the reason for somebody to look at. */
  | { readonly outcome: 'deadLetter'; readonly reason: string }

/** A step works on the owner's reused decoder and input; it makes no object per record when all is well. */
export type Step = (owned: OwnedPartition, record: LogRecord) => StepResult

export const ok: StepResult = { outcome: 'ok' }

/** Books of records that can't be read are kept under no site: which one they mean can't be told either. */
const noSite = 0

/** A record of which nothing can be believed: a dead letter of 0 events. */
export function unreadable(owned: OwnedPartition, reason: string): StepResult {
  owned.draft.ledger.received(noSite, 0)
  owned.draft.ledger.deadLettered(noSite, 0)
  return { outcome: 'deadLetter', reason }
}
