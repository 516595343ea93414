import type { SessionNow } from '@sightline/protocol/live-frames'
import { useMemo, useRef } from 'react'
import { Card, Waiting } from '../../../charts/card.tsx'
import { useElementSize } from '../../../charts/use-element-size.ts'
import { ValueTable } from '../../../charts/value-table.tsx'
import { formatCount, formatWhole } from '../../../format/numbers.ts'
import { formatAge, formatDuration } from '../../../format/times.ts'
import { useLiveClient, useSlice } from '../../../live/use-live.ts'
import { useViewState } from '../../../view-state/use-view-state.ts'
import { filterScope } from '../filter-scope.ts'
import styles from './live-sessions.module.css'
import { stableOrder } from '../../../worker/stable-order.ts'

const rowPx = 38
const headPx = 30
const rowsMax = 20
/** A pointer that rested for so long is drawn in grey. */
const idleMs = 10_000

/** Who is here now, with the last position of each pointer. */
export function LiveSessions() {
  const sessions = useSlice('sessions')
  const numbers = useSlice('numbers')
  const { store } = useLiveClient()
  // The server's time as of these sessions; read when they change, not with every frame.
  const atMs = useMemo(
    () => (sessions === undefined ? 0 : (store.read().asOf.sessions?.atMs ?? 0)),
    [sessions, store],
  )
  const [view] = useViewState()
  const box = useRef<HTMLDivElement>(null)
  const { height } = useElementSize(box)
  const rows = useSteadyRows(
    sessions ?? [],
    Math.max(1, Math.min(rowsMax, Math.floor((height - headPx) / rowPx))),
  )
  const active = numbers?.activeSessions ?? sessions?.length ?? 0

  const table = () => (
    <ValueTable
      caption="Sessions active now"
      head={['Session', 'Page', 'Layout', 'Events', 'Duration', 'Pointer']}
      rows={(sessions ?? []).map((session) => [
        session.id,
        session.page,
        session.layout,
        formatWhole(session.events),
        formatDuration(session.lastMs - session.firstMs),
        `${session.xPx}, ${session.yPx} px`,
      ])}
    />
  )
  return (
    <Card
      id="sessions"
      title="Live sessions"
      sub={
        sessions === undefined
          ? undefined
          : `${formatWhole(rows.length)} of ${formatCount(Math.max(active, rows.length))}`
      }
      slice="sessions"
      scope={filterScope('sessions', view)}
      table={table}
    >
      {(sessions ?? []).length === 0 && (
        <Waiting>{sessions === undefined ? 'Waiting for data' : 'Nobody is here right now'}</Waiting>
      )}
      <div ref={box} className={styles.box}>
        {rows.length > 0 && <SessionTable rows={rows} atMs={atMs} />}
      </div>
    </Card>
  )
}

function SessionTable({ rows, atMs }: { rows: readonly SessionNow[]; atMs: number }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col" className={styles.cursor}>
            Pointer
          </th>
          <th scope="col" className={styles.short}>
            Session
          </th>
          <th scope="col">Page</th>
          <th scope="col" className={`${styles.short} ${styles.wide}`}>
            Layout
          </th>
          <th scope="col" className={styles.number}>
            Events
          </th>
          <th scope="col" className={styles.number}>
            Duration
          </th>
          <th scope="col" className={`${styles.number} ${styles.wide}`}>
            Last event
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((session) => {
          const ageMs = Math.max(0, atMs - session.lastMs)
          return (
            <tr key={session.id} className={ageMs > idleMs ? styles.idle : ''}>
              <td>
                <Thumb session={session} />
              </td>
              <td className="mono">{session.id}</td>
              <td title={session.page}>{session.page}</td>
              <td className={styles.wide}>{session.layout}</td>
              <td className={`mono ${styles.number}`}>{formatCount(session.events)}</td>
              <td className={`mono ${styles.number}`}>{formatDuration(session.lastMs - session.firstMs)}</td>
              <td className={`mono ${styles.number} ${styles.wide}`}>{formatAge(ageMs)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Thumb({ session }: { session: SessionNow }) {
  const x = Math.min(1, session.xPx / Math.max(1, session.viewportPx)) * 62
  const y = Math.min(1, session.yPx / Math.max(1, session.heightPx)) * 26
  return (
    <span className={styles.thumb}>
      <span
        className={styles.pointer}
        style={{ transform: `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)` }}
      />
    </span>
  )
}

/** The most recent sessions, each in the row where it was before. */
function useSteadyRows(sessions: readonly SessionNow[], count: number): SessionNow[] {
  const places = useRef<string[]>([])
  places.current = stableOrder(
    places.current,
    sessions.map(({ id }) => id),
    count,
  )
  const byId = new Map(sessions.map((session) => [session.id, session]))
  return places.current.map((id) => byId.get(id)).filter((session) => session !== undefined)
}
