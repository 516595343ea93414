import { ok, unreadable, type Step } from './step.ts'

/**
 * Decodes the record with the same code as the gateway's admission; what fails here was written by somebody else, or
 * damaged since.
 */
export const decode: Step = (owned, record) => {
  const refusal = owned.decoder.read(record.value)
  if (refusal !== null) return unreadable(owned, refusal)
  owned.input.begin(owned.decoder, record.timestampMs)
  return ok
}
