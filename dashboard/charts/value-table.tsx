import styles from './value-table.module.css'

interface ValueTableProps {
  /** What the table shows, for those who hear it. */
  caption: string
  head: readonly string[]
  rows: readonly (readonly (string | number)[])[]
}

/** The numbers behind a drawing; the first column names the row. Scrolls inside its card. */
export function ValueTable({ caption, head, rows }: ValueTableProps) {
  return (
    // Scrollable by keyboard, too: an area that scrolls must be reachable.
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={caption}>
      <table className={styles.table}>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {head.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
