import type { Aggregate } from './aggregate.ts'
import { edges } from './edges.ts'
import { elements } from './elements.ts'
import { grids } from './grids.ts'
import { ledger } from './ledger.ts'
import { ring } from './ring.ts'
import { series } from './series.ts'
import { sessionsNow } from './sessions-now.ts'
import { sessions } from './sessions.ts'

/** Every aggregate that has cells, in the order of folding and of the delta's sections. */
export const aggregates: readonly Aggregate<unknown, unknown>[] = [
  ledger,
  series,
  ring,
  sessions,
  grids,
  elements,
  edges,
  sessionsNow,
]
