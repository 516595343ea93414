import type { Refusal } from '@sightline/protocol/errors'
import { ok, type Step, type StepResult } from './step.ts'

/**
 * Decodes the record with the same code as the gateway's admission; what fails here was written by somebody else, or
 * damaged since.
 */
export const decode: Step = (owned, record) => {
  const refusal = owned.decoder.read(record.value)
  if (refusal !== null) return deadLetters[refusal] ?? { outcome: 'deadLetter', reason: refusal }
  owned.input.begin(owned.decoder, record.timestampMs)
  return ok
}

const deadLetters: Partial<Record<Refusal, StepResult>> = { malformed: { outcome: 'deadLetter', reason: 'malformed' } }
