import { formatCount } from '../format/numbers.ts'
import { useSlice } from '../live/use-live.ts'
import { AlertIcon, CheckIcon } from './icons.tsx'
import styles from './sidebar.module.css'

/** The ledger in short: where the events that browsers sealed are now, and whether the sums agree. */
export function LedgerBox() {
  const ledger = useSlice('ledger')
  if (ledger === undefined) return null
  const rows: [string, number, string][] = [
    ['Sealed', ledger.sealed, 'Events that browsers packed for sending'],
    ['Counted', ledger.counted, 'Events in the numbers shown'],
    ['In flight', ledger.inFlight, 'Sealed, not yet here, and may still come'],
    ['Lost', ledger.lost, 'Sealed, and will not come any more'],
  ]
  const apart = ledger.excluded + ledger.deadLettered
  if (apart > 0) rows.splice(2, 0, ['Set apart', apart, 'Excluded traffic and dead letters'])
  return (
    <section className={styles.ledger} aria-label="Ledger">
      <h2 className={ledger.balanced ? styles.balanced : styles.unbalanced}>
        {ledger.balanced ? <CheckIcon /> : <AlertIcon />}
        {ledger.balanced ? 'Ledger balances' : 'Ledger does not balance'}
      </h2>
      <dl>
        {rows.map(([term, count, meaning]) => (
          <div key={term} title={meaning}>
            <dt>{term}</dt>
            <dd>{formatCount(count)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
