import { useMemo } from 'react'
import { Card, Legend, Waiting } from '../../../charts/card.tsx'
import type { Line } from '../../../charts/plot-drawing.ts'
import { TimeSeries } from '../../../charts/time-series.tsx'
import { ValueTable } from '../../../charts/value-table.tsx'
import { formatWhole } from '../../../format/numbers.ts'
import { formatMs } from '../../../format/times.ts'
import { useSlice } from '../../../live/use-live.ts'
import { lagSeries } from './lag-series.ts'
import styles from './pipeline-lag.module.css'
import { type StageSegment, stageSegments } from './stage-segments.ts'

const lines: readonly Line[] = [
  { label: 'hand to gateway', color: 'sky', fill: 0.16 },
  { label: 'p50', color: 'violet' },
  { label: 'p99', color: 'rose' },
]
const legend = [
  { text: 'hand', color: 'sky' },
  { text: 'p50', color: 'violet' },
  { text: 'p99', color: 'rose' },
]

/** How long data takes from the hand to this page, over time and by stage. */
export function PipelineLag() {
  const whole = useSlice('series')
  const series = useMemo(() => (whole === undefined ? undefined : lagSeries(whole)), [whole])
  const stages = useSlice('stages')
  const drawing = useSlice('drawing')
  const last = (series?.seconds.length ?? 0) - 1
  const p50 = series?.values[1][last] ?? null
  const p99 = series?.values[2][last] ?? null
  const segments = stageSegments(stages ?? [], drawing === undefined ? null : drawing.arrivalToPictureMs)

  return (
    <Card
      id="lag"
      title="Pipeline lag"
      sub="ms"
      side={<Legend entries={legend} />}
      slice="stages"
      table={() => <StageTable segments={segments} />}
    >
      {series === undefined ? (
        <Waiting />
      ) : (
        <div className={styles.parts}>
          <div className={styles.series}>
            <TimeSeries
              label={
                p50 === null || p99 === null
                  ? 'Pipeline lag; not known yet.'
                  : `Pipeline lag from hand to live server; now half within ${formatMs(p50)}, 99 of 100 within ${formatMs(p99)}.`
              }
              seconds={series.seconds}
              lines={lines}
              values={series.values}
              format={axisMs}
              ceiling={20}
            />
          </div>
          <Stages segments={segments} />
        </div>
      )}
    </Card>
  )
}

/** The stages that report; one that is not known takes no room. */
function Stages({ segments: all }: { segments: readonly StageSegment[] }) {
  const segments = all.flatMap((segment) =>
    segment.p50Ms === null ? [] : [{ ...segment, p50Ms: segment.p50Ms }],
  )
  return (
    <div>
      <div
        className={styles.bar}
        role="img"
        aria-label={`Median wait by stage: ${segments.map(({ name, p50Ms }) => `${name} ${formatMs(p50Ms)}`).join(', ')}.`}
      >
        {segments.map(({ name, color, share }) => (
          <span key={name} style={{ color: `var(--${color})`, flexGrow: share * 100 }} />
        ))}
      </div>
      <dl className={styles.stages}>
        {segments.map(({ name, color, meaning, p50Ms }) => (
          <div key={name} title={meaning}>
            <dt>
              <span style={{ color: `var(--${color})` }} />
              {name}
            </dt>
            <dd>{axisMs(p50Ms)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function StageTable({ segments }: { segments: readonly StageSegment[] }) {
  const show = (ms: number | null) => (ms === null ? '–' : formatMs(ms))
  return (
    <ValueTable
      caption="How long data waits in each stage"
      head={['Stage', 'p50', 'p99', 'Queue']}
      rows={segments
        .filter(({ p50Ms, queue }) => p50Ms !== null || queue !== null)
        .map(({ name, p50Ms, p99Ms, queue }) => [
          name,
          show(p50Ms),
          show(p99Ms),
          queue === null ? '–' : formatWhole(queue),
        ])}
    />
  )
}

/** The unit stands beside the title; whole numbers from ten on. */
function axisMs(ms: number): string {
  if (ms >= 10_000) return `${Math.round(ms / 1_000)}k`
  return ms >= 10 || ms === 0 ? String(Math.round(ms)) : ms.toFixed(1)
}
