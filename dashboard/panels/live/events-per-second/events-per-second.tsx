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

const lines: readonly Line[] = [{ label: 'events', color: 'sky', fill: 0.16 }]
const tableRowsMax = 60

export function EventsPerSecond() {
  const series = useSlice('series')
  const [view] = useViewState()
  const crosshair = useCrosshair()
  const columns = useMemo(() => (series === undefined ? [] : [series.events]), [series])
  const count = series?.second.length ?? 0
  const cursor = crosshair === null ? null : nearestIndex(series?.second ?? [], crosshair)
  const at = cursor ?? count - 1
  const events = series?.events[at] ?? null
  const clicks = series?.clicks[at] ?? null
  const reading =
    events === null
      ? undefined
      : cursor === null || series === undefined
        ? `${formatWhole(events)}/s`
        : `${formatClock(series.second[at])}  ${formatWhole(events)}/s, ${formatWhole(clicks ?? 0)} clicks`

  const table = () => (
    <ValueTable
      caption="Events by second"
      head={['Second', 'Events', 'Moves', 'Clicks']}
      rows={newestFirst(count).map((i) => [
        formatClock(series?.second[i] ?? 0),
        show(series?.events[i]),
        show(series?.moves[i]),
        show(series?.clicks[i]),
      ])}
    />
  )
  return (
    <Card
      id="events"
      title="Events per second"
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
            events === null
              ? 'Events per second; none yet.'
              : `Events per second over five minutes; now ${formatWhole(events)}.`
          }
          seconds={series.second}
          lines={lines}
          values={columns}
          format={formatCount}
          ceiling={10}
        />
      )}
    </Card>
  )
}

function newestFirst(count: number): number[] {
  return Array.from({ length: Math.min(count, tableRowsMax) }, (_, i) => count - 1 - i)
}

function show(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : formatWhole(value)
}
