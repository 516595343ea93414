import type { Ledger } from '@sightline/protocol/live-frames'

/** What the senders saw, in events. `cli/load` returns it. */
export interface SentEvents {
  sent: number
  acknowledged: number
  refused: number
  /** Sent, and neither acknowledged nor refused when the sender gave up. */
  unsettled: number
}

/** What the product shows, in events. */
export interface ShownEvents {
  ledger: Ledger
  /** Total of the series aggregate, which is folded apart from the ledger. */
  series: number
}

export function sumOf(parts: readonly SentEvents[]): SentEvents {
  const sum = { sent: 0, acknowledged: 0, refused: 0, unsettled: 0 }
  for (const part of parts) {
    sum.sent += part.sent
    sum.acknowledged += part.acknowledged
    sum.refused += part.refused
    sum.unsettled += part.unsettled
  }
  return sum
}

/**
 * The promise, checked: everything acknowledged is counted exactly once, and the ledger's identities balance. Empty when
 * it is kept; else one line per fault, which begins with its name. What was never acknowledged may be counted, once.
 */
export function exactnessFaults(events: SentEvents, { ledger, series }: ShownEvents): string[] {
  const faults: string[] = []
  const fault = (is: boolean, name: string, figures: string) => is && faults.push(`${name}: ${figures}`)
  const { sent, acknowledged, refused, unsettled } = events
  const { counted, received, sealed, missing } = ledger
  const outcomes = counted + ledger.duplicate + ledger.tooOld + ledger.excluded + ledger.deadLettered
  fault(counted < acknowledged, 'lost', `${acknowledged} acknowledged, ${counted} counted`)
  fault(counted > sent - refused, 'doubled', `${sent - refused} sent and not refused, ${counted} counted`)
  fault(received !== outcomes, 'received does not balance', `${received} received, ${outcomes} by outcome`)
  fault(sealed > sent, 'sealed too much', `${sent} sent, ${sealed} sealed`)
  fault(
    sealed !== counted + ledger.excluded + ledger.deadLettered + missing,
    'sealed does not balance',
    `${sealed} sealed, ${missing} missing`,
  )
  fault(unsettled === 0 && refused === 0 && missing !== 0, 'missing', `${missing} of ${sealed} sealed`)
  fault(!ledger.balanced, 'unbalanced', 'the ledger says so itself')
  fault(series !== counted, 'aggregates differ', `${counted} counted, ${series} in the series`)
  return faults
}
