import { type ReactNode, useState } from 'react'
import { Button } from '../frame/controls.tsx'
import { ChartIcon, TableIcon } from '../frame/icons.tsx'
import type { SliceName } from '../worker/worker-messages.ts'
import styles from './card.module.css'
import { DataAge } from './data-age.tsx'

interface CardProps {
  id: string
  title: string
  /** Quiet words after the title. */
  sub?: ReactNode
  /** Legend, selector: at the right of the title. */
  side?: ReactNode
  /** Whose age is shown. */
  slice: SliceName
  /** Says why a filter that is on does not apply here. */
  scope?: string | null
  /** The same data as a table, shown in place of the drawing when asked for. */
  table?: () => ReactNode
  onTable?: (open: boolean) => void
  className?: string
  children: ReactNode
}

/** A widget: title, age of its data, drawing, and the table behind it. */
export function Card({
  id,
  title,
  sub,
  side,
  slice,
  scope,
  table,
  onTable,
  className = '',
  children,
}: CardProps) {
  const [asTable, setAsTable] = useState(false)
  const toggle = () => {
    setAsTable(!asTable)
    onTable?.(!asTable)
  }
  return (
    <section id={id} className={`${styles.card} ${className}`} aria-labelledby={`${id}-title`}>
      <header className={styles.header}>
        <h2 id={`${id}-title`} className={styles.title}>
          {title}
        </h2>
        {sub !== undefined && <span className={styles.sub}>{sub}</span>}
        {scope !== undefined && scope !== null && (
          <span className={styles.scope} title={`Shows ${scope}: it is not kept by what is filtered`}>
            {scope}
          </span>
        )}
        <div className={styles.side}>
          {side}
          <DataAge slice={slice} />
          {table !== undefined && (
            <Button
              look="quiet"
              label={`${title} as a ${asTable ? 'drawing' : 'table'}`}
              pressed={asTable}
              onClick={toggle}
            >
              {asTable ? <ChartIcon /> : <TableIcon />}
            </Button>
          )}
        </div>
      </header>
      <div className={styles.body}>{asTable && table !== undefined ? table() : children}</div>
    </section>
  )
}

/** Stands where a drawing will be once its data has come. */
export function Waiting({ children = 'Waiting for data' }: { children?: ReactNode }) {
  return <p className={styles.waiting}>{children}</p>
}

export interface LegendEntry {
  text: string
  /** Name of a colour token. */
  color: string
  dashed?: boolean
}

export function Legend({ entries }: { entries: readonly LegendEntry[] }) {
  return (
    <ul className={styles.legend}>
      {entries.map(({ text, color, dashed = false }) => (
        <li key={text}>
          <span className={styles.swatch} data-dashed={dashed} style={{ color: `var(--${color})` }} />
          {text}
        </li>
      ))}
    </ul>
  )
}
