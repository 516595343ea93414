import type { LogRecord } from '@sightline/engine/log/event-log'
import type { DeadLetterDraft } from './dead-letter-draft.ts'
import type { OwnedPartition } from './owned-partition.ts'
import { checkTime } from './steps/check-time.ts'
import { decode } from './steps/decode.ts'
import { deduplicate } from './steps/deduplicate.ts'
import { fold } from './steps/fold.ts'

const steps = [checkTime, decode, deduplicate, fold] as const

/** Takes one record through the steps; what can't be counted becomes a dead letter with the step's reason. */
export function foldRecord(owned: OwnedPartition, record: LogRecord, letters: DeadLetterDraft): void {
  for (const step of steps) {
    const result = step(owned, record)
    if (result.outcome === 'ok') continue
    if (result.outcome === 'deadLetter') letters.add(owned.partition, record, result.reason)
    return
  }
}
