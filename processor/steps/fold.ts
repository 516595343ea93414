import { ok, type Step } from './step.ts'

/** Folds the batch into what the coming commit will change. */
export const fold: Step = (owned) => {
  owned.draft.fold(owned.input)
  return ok
}
