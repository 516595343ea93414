import { sparklinePath } from '../../../charts/sparkline-path.ts'
import styles from './numbers.module.css'

const width = 72
const height = 22
/** Two minutes: short enough that a change shows. */
const secondsShown = 120

export function Sparkline({ values, color }: { values: readonly (number | null)[]; color: string }) {
  const begun = values.findIndex((value) => value !== null)
  const shown = begun < 0 ? [] : values.slice(Math.max(begun, values.length - secondsShown))
  return (
    <svg
      className={styles.sparkline}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      style={{ color: `var(--${color})` }}
      aria-hidden="true"
    >
      <path
        d={sparklinePath(shown, width, height)}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.3"
        strokeLinejoin="round"
      />
    </svg>
  )
}
