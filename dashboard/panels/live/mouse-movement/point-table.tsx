import { useEffect } from 'react'
import { ValueTable } from '../../../charts/value-table.tsx'
import { formatAge } from '../../../format/times.ts'
import { useLiveClient, useSlice } from '../../../live/use-live.ts'
import styles from './mouse-movement.module.css'

/** The newest clicks and moves as rows; the worker sends them only while this is open. */
export function PointTable() {
  const client = useLiveClient()
  const rows = useSlice('pointRows')
  useEffect(() => {
    client.wantPointRows(true)
    return () => client.wantPointRows(false)
  }, [client])
  return (
    <div className={styles.table}>
      <ValueTable
        caption="The newest clicks and moves"
        head={['Kind', 'Page', 'Session', 'x, px', 'y, px', 'Viewport, px', 'Age']}
        rows={(rows ?? []).map(({ kind, page, session, xPx, yPx, viewportPx, ageMs }) => [
          kind,
          page,
          session,
          xPx,
          yPx,
          viewportPx,
          formatAge(ageMs),
        ])}
      />
    </div>
  )
}
