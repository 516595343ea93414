import type { ButtonCount } from '@sightline/protocol/live-frames'
import { useRef } from 'react'
import { Card, Waiting } from '../../../charts/card.tsx'
import { useElementSize } from '../../../charts/use-element-size.ts'
import { ValueTable } from '../../../charts/value-table.tsx'
import { formatCount, formatPercent, formatWhole } from '../../../format/numbers.ts'
import { useSlice } from '../../../live/use-live.ts'
import { useViewState } from '../../../view-state/use-view-state.ts'
import { filterScope } from '../filter-scope.ts'
import { rankRows } from './rank-rows.ts'
import { targetText, targetTitle } from './target-text.ts'
import styles from './top-buttons.module.css'

/** Least height of a row; rows share what is left over. */
const rowPxMin = 26

/** What people click, ranked; rows glide to their new places. */
export function TopButtons() {
  const buttons = useSlice('buttons')
  const [view] = useViewState()
  const list = useRef<HTMLDivElement>(null)
  const { height } = useElementSize(list)
  const rowsMax = Math.max(1, Math.floor(height / rowPxMin))
  const rowPx = height / rowsMax
  const rows = rankRows(buttons ?? [], rowsMax)
  const first = rows.find((row) => row.rank === 0)

  return (
    <Card
      id="top-buttons"
      title="Top buttons"
      sub="clicks, 5 min"
      slice="buttons"
      scope={filterScope('buttons', view)}
      table={() => <ButtonTable buttons={buttons ?? []} />}
    >
      {first === undefined && (
        <Waiting>{buttons === undefined ? 'Waiting for data' : 'No clicks in the last five minutes'}</Waiting>
      )}
      <div
        ref={list}
        className={styles.list}
        role="img"
        aria-label={
          first === undefined
            ? 'No clicks yet.'
            : `Clicks by target; most on ${targetText(first.target).name}: ${formatWhole(first.clicks)}.`
        }
      >
        {rows.map(({ target, clicks, rank, length }) => (
          <div
            key={target}
            data-rank={rank}
            className={styles.row}
            style={{
              // The better place lies above: who rises passes over those who sink, and both can be read.
              zIndex: rowsMax - rank,
              // Whole pixels: a row's edge that covers half a pixel shows as a bright line while it glides.
              height: Math.ceil(rowPx),
              transform: `translateY(${Math.round(rank * rowPx)}px)`,
            }}
          >
            <span className={styles.target} title={targetTitle(target)}>
              {targetText(target).name}
            </span>
            <span className={styles.track}>
              <span
                className={styles.bar}
                style={{ display: 'block', transform: `scaleX(${Math.max(0.004, length).toFixed(4)})` }}
              />
            </span>
            <span className={styles.count}>{formatCount(clicks)}</span>
          </div>
        ))}
      </div>
    </Card>
  )
}

function ButtonTable({ buttons }: { buttons: readonly ButtonCount[] }) {
  const total = buttons.reduce((sum, { clicks }) => sum + clicks, 0)
  return (
    <ValueTable
      caption="Clicks by target, last five minutes"
      head={['Target', 'Kind', 'Clicks', 'Share']}
      rows={buttons.map(({ target, clicks }) => [
        targetText(target).name,
        targetText(target).kind ?? '',
        formatWhole(clicks),
        `${formatPercent(clicks / Math.max(1, total))} %`,
      ])}
    />
  )
}
