import type { DeadLetter, LogRecord } from '@sightline/engine/log/event-log'
import type { OwnedPartition } from './owned-partition.ts'
import { decode } from './steps/decode.ts'
import { deduplicate } from './steps/deduplicate.ts'
import { fold } from './steps/fold.ts'

/** Takes one record through the steps; what can't be counted becomes a dead letter with the step's reason. */
export function foldRecord(owned: OwnedPartition, record: LogRecord, letters: DeadLetter[]): void {
  for (const step of steps) {
    const result = step(owned, record)
    if (result.outcome === 'ok') continue
    if (result.outcome === 'deadLetter') letters.push(deadLetter(owned.partition, record, result.reason))
    return
  }
}

const steps = [decode, deduplicate, fold] as const

/** Keeps copies: the record's buffers are the reader's own again once it is folded. */
function deadLetter(partition: number, record: LogRecord, reason: string): DeadLetter {
  const { offset, timestampMs } = record
  return { partition, offset, reason, timestampMs, key: record.key.slice(), value: record.value.slice() }
}
