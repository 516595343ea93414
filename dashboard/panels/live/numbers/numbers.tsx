import { DataAge } from '../../../charts/data-age.tsx'
import { useSlice } from '../../../live/use-live.ts'
import { numberCells } from './number-cells.ts'
import styles from './numbers.module.css'
import { Sparkline } from './sparkline.tsx'

/** The strip of six numbers. */
export function LiveNumbers() {
  const numbers = useSlice('numbers')
  const series = useSlice('series')
  return (
    <section id="numbers" aria-label="Numbers" className={styles.strip}>
      {numberCells(numbers, series).map(({ title, meaning, value, unit, note, color, history }) => (
        <dl key={title} className={styles.cell} title={meaning}>
          <dt>{title}</dt>
          <dd>
            <div className={styles.value} data-number={title}>
              {value}
              <span className={styles.unit}>{unit}</span>
            </div>
            <div className={styles.foot}>
              <span>{note}</span>
              <Sparkline values={history} color={color} />
            </div>
          </dd>
        </dl>
      ))}
      <div className={styles.age}>
        <DataAge slice="numbers" />
      </div>
    </section>
  )
}
