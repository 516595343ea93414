import type { ReactNode } from 'react'
import { formatCount } from '../format/numbers.ts'
import { useSlice } from '../live/use-live.ts'
import {
  BarsIcon,
  ChartIcon,
  CodeIcon,
  Mark,
  NumbersIcon,
  PathsIcon,
  PeopleIcon,
  PlugIcon,
  PointerIcon,
  PulseIcon,
  StagesIcon,
} from './icons.tsx'
import { LedgerBox } from './ledger-box.tsx'
import styles from './sidebar.module.css'

interface SidebarProps {
  /** Whether there is a site to look at. */
  live: boolean
  onSnippet: () => void
  /** Something was chosen: a drawer closes. */
  onChosen: () => void
}

/** Brand, the view that exists with its parts, the site's snippet, and whether every event is accounted for. */
export function Sidebar({ live, onSnippet, onChosen }: SidebarProps) {
  return (
    <div className={styles.sidebar}>
      <div className={styles.brand}>
        <Mark />
        Sightline
      </div>
      <nav aria-label="Views" onClick={onChosen}>
        <a className={styles.item} href="#top" aria-current="page">
          <PulseIcon />
          Live
        </a>
        {live && <Parts />}
      </nav>
      <p className={styles.group}>Site</p>
      <button type="button" className={styles.item} onClick={onSnippet}>
        <CodeIcon />
        Snippet
      </button>
      <a className={styles.item} href="/api/v1/openapi.json">
        <PlugIcon />
        API description
      </a>
      <div className={styles.spacer} />
      {live && <LedgerBox />}
      {live && <Figures />}
    </div>
  )
}

/** The widgets of the page; none while it waits for a site's first event. */
function Parts() {
  const numbers = useSlice('numbers')
  if (numbers?.countedEvents === 0) return null
  return (
    <>
      <p className={styles.group}>On this page</p>
      <Part href="#numbers" icon={<NumbersIcon />} text="Numbers" />
      <Part href="#movement" icon={<PointerIcon />} text="Mouse movement" />
      <Part href="#top-buttons" icon={<BarsIcon />} text="Top buttons" />
      <Part href="#events" icon={<ChartIcon />} text="Events per second" />
      <Part href="#lag" icon={<StagesIcon />} text="Pipeline lag" />
      <Part href="#navigation" icon={<PathsIcon />} text="Navigation flow" />
      <Part
        href="#sessions"
        icon={<PeopleIcon />}
        text="Live sessions"
        count={numbers === undefined ? undefined : formatCount(numbers.activeSessions)}
      />
    </>
  )
}

function Part({
  href,
  icon,
  text,
  count,
}: {
  href: string
  icon: ReactNode
  text: string
  count?: ReactNode
}) {
  return (
    <a className={styles.item} href={href}>
      {icon}
      {text}
      {count !== undefined && <span className={styles.count}>{count}</span>}
    </a>
  )
}

/** What drawing costs here. */
function Figures() {
  const drawing = useSlice('drawing')
  if (drawing === undefined) return null
  return (
    <p
      className={styles.figures}
      title="Pictures of the mouse movement drawn per second, and the time to draw one"
    >
      {Math.round(drawing.framesPerSecond)} fps · {drawing.drawMs.toFixed(1)} ms
    </p>
  )
}
