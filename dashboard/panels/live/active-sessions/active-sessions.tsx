import { useMemo } from 'react'
import { Card, Waiting } from '../../../charts/card.tsx'
import { useCrosshair } from '../../../charts/crosshair.ts'
import type { Line } from '../../../charts/plot-drawing.ts'
import { nearestIndex } from '../../../charts/plot-scale.ts'
import { TimeSeries } from '../../../charts/time-series.tsx'
import { ValueTable } from '../../../charts/value-table.tsx'
import { formatCount, formatWhole } from '../../../format/numbers.ts'
import { formatClock } from '../../../format/times.ts'
import { useSlice } from '../../../live/use-live.ts'
import { useViewState } from '../../../view-state/use-view-state.ts'
import { filterScope } from '../filter-scope.ts'

const lines: readonly Line[] = [{ label: 'active sessions', color: 'teal', fill: 0.16 }]
const tableRowsMax = 60

export function ActiveSessions() {
  const series = useSlice('series')
  const [view] = useViewState()
  const crosshair = useCrosshair()
  const columns = useMemo(() => (series === undefined ? [] : [series.activeSessions]), [series])
  const count = series?.second.length ?? 0
  const cursor = crosshair === null ? null : nearestIndex(series?.second ?? [], crosshair)
  const at = cursor ?? count - 1
  const sessions = series?.activeSessions[at] ?? null
  const reading =
    sessions === null
      ? undefined
      : `${cursor === null || series === undefined ? '' : `${formatClock(series.second[at])}  `}${formatWhole(sessions)}`

  const table = () => (
    <ValueTable
      caption="Active sessions by second"
      head={['Second', 'Sessions']}
      rows={Array.from({ length: Math.min(count, tableRowsMax) }, (_, i) => {
        const value = series?.activeSessions[count - 1 - i] ?? null
        return [formatClock(series?.second[count - 1 - i] ?? 0), value === null ? '–' : formatWhole(value)]
      })}
    />
  )
  return (
    <Card
      id="active-sessions"
      title="Active sessions"
      sub={reading}
      slice="series"
      scope={filterScope('series', view)}
      table={table}
    >
      {series === undefined ? (
        <Waiting />
      ) : (
        <TimeSeries
          label={
            sessions === null
              ? 'Active sessions; none yet.'
              : `Active sessions over five minutes; now ${formatWhole(sessions)}.`
          }
          seconds={series.second}
          lines={lines}
          values={columns}
          format={formatCount}
          ceiling={5}
        />
      )}
    </Card>
  )
}
