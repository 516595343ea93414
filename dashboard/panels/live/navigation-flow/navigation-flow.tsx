import { limits } from '@sightline/protocol/limits'
import { useMemo, useRef } from 'react'
import { Card, Waiting } from '../../../charts/card.tsx'
import { useElementSize } from '../../../charts/use-element-size.ts'
import { ValueTable } from '../../../charts/value-table.tsx'
import { formatCount, formatWhole } from '../../../format/numbers.ts'
import { shorten } from '../../../format/shorten.ts'
import { useSlice } from '../../../live/use-live.ts'
import { useViewState } from '../../../view-state/use-view-state.ts'
import { filterScope } from '../filter-scope.ts'
import { flowGraph } from './flow-graph.ts'
import { flowLayout, lineHeight, type PlacedFlow, type PlacedNode } from './flow-layout.ts'
import styles from './navigation-flow.module.css'

const columnTitles = ['came from', 'page viewed', 'went to']
const pagesMax = 9
const labelRoomMax = 144
/** Width of a character of a label, px, at most. */
const characterPx = 6.4

/** Where people come from, and where they go, page by page. */
export function NavigationFlow() {
  const edges = useSlice('edges')
  const [view, changeView] = useViewState()
  const box = useRef<HTMLDivElement>(null)
  const { width, height } = useElementSize(box)
  const labelRoom = Math.min(labelRoomMax, width * 0.32)
  const room = Math.max(2, Math.min(pagesMax, Math.floor(height / (lineHeight + 8)) - 1))
  const graph = useMemo(() => flowGraph(edges ?? [], room), [edges, room])
  const flow = useMemo(() => flowLayout(graph, width, height, labelRoom), [graph, width, height, labelRoom])
  const moves = (edges ?? []).reduce((sum, { from, count }) => sum + (from === null ? 0 : count), 0)

  const table = () => (
    <ValueTable
      caption="Moves between pages, last hour"
      head={['From', 'To', 'Times']}
      rows={(edges ?? []).map(({ from, to, count }) => [from ?? '(entered)', to, formatWhole(count)])}
    />
  )
  const capped = (edges ?? []).length >= limits.edgesShownMax
  return (
    <Card
      id="navigation"
      title="Navigation flow"
      sub={capped ? `last hour, the ${limits.edgesShownMax} busiest moves` : 'last hour'}
      slice="edges"
      scope={filterScope('edges', view)}
      table={table}
    >
      {graph.links.length === 0 && (
        <Waiting>{edges === undefined ? 'Waiting for data' : 'No page was viewed in the last hour'}</Waiting>
      )}
      {graph.links.length > 0 && (
        <div className={styles.columns} aria-hidden="true">
          {columnTitles.map((title, column) => (
            <span key={title} style={{ left: flow.nodes.find((node) => node.column === column)?.x ?? 0 }}>
              {title}
            </span>
          ))}
        </div>
      )}
      <div ref={box} className={styles.box}>
        <svg
          className={styles.flow}
          role="img"
          aria-label={sentence(
            graph.nodes.find(({ kind }) => kind === 'page'),
            moves,
          )}
        >
          <Ribbons flow={flow} />
          {flow.nodes.map((node) => (
            <Node
              key={node.id}
              node={node}
              room={node.column === 2 ? labelRoom : width * 0.36}
              onPick={(page) => changeView({ page })}
            />
          ))}
        </svg>
      </div>
    </Card>
  )
}

function Ribbons({ flow }: { flow: PlacedFlow }) {
  return flow.links.map(({ id, kind, path, width, text }) => (
    <path
      key={id}
      className={`${styles.link} ${styles[kind]}`}
      d={path}
      stroke="currentColor"
      strokeWidth={width}
    >
      <title>{text}</title>
    </path>
  ))
}

interface NodeProps {
  node: PlacedNode
  /** Room for the label, px. */
  room: number
  onPick: (page: string) => void
}

function Node({ node, room, onPick }: NodeProps) {
  const { page } = node
  const count = formatCount(node.count)
  const characters = Math.floor((room - 14) / characterPx) - count.length - 1
  return (
    <g className={page === null ? '' : styles.pick} onClick={page === null ? undefined : () => onPick(page)}>
      <title>{`${node.text}: ${formatWhole(node.count)}`}</title>
      <rect
        className={styles[node.kind]}
        x={node.x}
        y={node.y}
        width={node.width}
        height={node.height}
        rx="2"
        fill="currentColor"
      />
      <text className={styles.label} x={node.x + node.width + 7} y={node.y + node.height / 2}>
        {shorten(node.text, Math.max(4, characters))} <tspan className={styles.count}>{count}</tspan>
      </text>
    </g>
  )
}

function sentence(page: { text: string; count: number } | undefined, moves: number): string {
  if (page === undefined) return 'Navigation flow; nothing yet.'
  return `Navigation flow of the last hour: ${formatWhole(moves)} moves between pages; most viewed ${page.text}, ${formatWhole(page.count)} times.`
}
