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
