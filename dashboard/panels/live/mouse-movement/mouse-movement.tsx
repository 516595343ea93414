import { limits } from '@sightline/protocol/limits'
import type { PageCount } from '@sightline/protocol/live-frames'
import { Card, Legend } from '../../../charts/card.tsx'
import { formatCount, formatWhole } from '../../../format/numbers.ts'
import { Select } from '../../../frame/controls.tsx'
import { useSlice } from '../../../live/use-live.ts'
import { useViewState } from '../../../view-state/use-view-state.ts'
import type { DrawingFigures } from '../../../worker/worker-messages.ts'
import styles from './mouse-movement.module.css'
import { PageFrames } from './page-frames.tsx'
import { PointTable } from './point-table.tsx'
import { ScatterCanvas } from './scatter-canvas.tsx'

const fold = { text: 'fold', color: 'muted', dashed: true }
const legend = [
  { text: 'newest', color: 'age-2' },
  { text: 'older', color: 'age-4' },
  { text: 'click', color: 'click' },
]

/** All visitors' pointers over the frame of the page. */
export function MouseMovement({ site }: { site: number }) {
  const drawing = useSlice('drawing')
  const pages = useSlice('pages')
  const [view, changeView] = useViewState()
  const side = (
    <>
      <span className={styles.wide}>
        <Legend entries={pages?.some(({ foldPx }) => foldPx !== undefined) ? [...legend, fold] : legend} />
      </span>
      <PageSelect pages={pages ?? []} page={view.page} onChange={(page) => changeView({ page })} small />
    </>
  )
  return (
    <Card
      id="movement"
      title="Mouse movement"
      sub={drawing === undefined ? undefined : `${formatCount(drawing.movesDrawn)} recent points`}
      side={side}
      slice="drawing"
      table={() => <PointTable />}
    >
      <div className={styles.parts}>
        <div className={styles.area}>
          <PageFrames
            site={site}
            tiles={drawing?.tiles ?? []}
            pages={pages ?? []}
            single={view.page !== null}
            onPick={(page) => changeView({ page })}
          />
          <ScatterCanvas label={sentence(drawing, view.page)} />
        </div>
        <Said drawing={drawing} />
      </div>
    </Card>
  )
}

interface PageSelectProps {
  pages: readonly PageCount[]
  page: string | null
  onChange: (page: string | null) => void
  small?: boolean
}

/** All pages, or one of those seen lately; the chosen one stays in the list when nobody is on it any more. */
export function PageSelect({ pages, page, onChange, small = false }: PageSelectProps) {
  const listed = pages.map((each) => each.page)
  const paths = page === null || listed.includes(page) ? listed : [page, ...listed]
  const options = [{ value: '', text: 'All pages' }, ...paths.map((path) => ({ value: path, text: path }))]
  return (
    <Select
      label="Page"
      value={page ?? ''}
      options={options}
      onChange={(value) => onChange(value === '' ? null : value)}
      small={small}
      isFilter
    />
  )
}

/** What the picture leaves out, in words; its line is there also when empty, so that the frames keep their size. */
function Said({ drawing }: { drawing: DrawingFigures | undefined }) {
  return (
    <ul className={styles.said}>
      {drawing !== undefined &&
        leftOut(drawing).map(({ text, warn }) => (
          <li key={text} data-warn={warn}>
            {text}
          </li>
        ))}
    </ul>
  )
}

function leftOut(drawing: DrawingFigures): { text: string; warn: boolean }[] {
  const said: { text: string; warn: boolean }[] = []
  if (drawing.sampledOneIn > 1)
    said.push({ text: `showing 1 in ${formatWhole(drawing.sampledOneIn)}`, warn: true })
  if (drawing.skippedPoints > 0)
    said.push({
      text: `${formatCount(drawing.skippedPoints)} points skipped in the last minute: this viewer is slow`,
      warn: true,
    })
  if (drawing.evicted > 0)
    said.push({ text: `the newest ${formatCount(limits.dashboardPointsMax)} points`, warn: false })
  if (drawing.outside > 0) said.push({ text: `${formatCount(drawing.outside)} below the frame`, warn: false })
  if (drawing.elsewhere > 0)
    said.push({ text: `${formatCount(drawing.elsewhere)} on further pages`, warn: false })
  return said
}

function sentence(drawing: DrawingFigures | undefined, page: string | null): string {
  const where = page === null ? 'all pages' : `the page ${page}`
  if (drawing === undefined) return `Mouse movement on ${where}; nothing yet.`
  return `Mouse movement on ${where}: ${formatWhole(drawing.movesDrawn)} recent points and ${formatWhole(drawing.clicksDrawn)} clicks.`
}
