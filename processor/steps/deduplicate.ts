import { ok, type Step, type StepResult } from './step.ts'

/** Judges the batch by its lane's window and books it in the ledger: only a new one is folded. */
export const deduplicate: Step = (owned) =>
  results[owned.memory.observe(owned.input, 'count', owned.draft.ledger)]

const results: Record<'new' | 'duplicate' | 'too-old' | 'lanes-full', StepResult> = {
  new: ok,
  duplicate: { outcome: 'drop', reason: 'duplicate' },
  'too-old': { outcome: 'drop', reason: 'too-old' },
  'lanes-full': { outcome: 'deadLetter', reason: 'lanes-full' },
}
