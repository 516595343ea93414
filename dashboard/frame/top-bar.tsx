import { layoutNames } from '@sightline/protocol/live-frames'
import { PageSelect } from '../panels/live/mouse-movement/mouse-movement.tsx'
import { useSlice } from '../live/use-live.ts'
import type { Site } from '../sites/site.ts'
import { toggleTheme, useTheme } from '../theme/theme.ts'
import { useViewState } from '../view-state/use-view-state.ts'
import { Button, Select } from './controls.tsx'
import {
  CheckIcon,
  KeyboardIcon,
  LinkIcon,
  MenuIcon,
  MoonIcon,
  PauseIcon,
  PlayIcon,
  SunIcon,
} from './icons.tsx'
import { LiveBadge } from './live-badge.tsx'
import { QuietNote } from './quiet-note.tsx'
import styles from './top-bar.module.css'
import { useCopy } from './use-copy.ts'

interface TopBarProps {
  sites: readonly Site[]
  site: Site | null
  paused: boolean
  onPause: () => void
  onShortcuts: () => void
  onMenu: () => void
}

export function TopBar({ sites, site, paused, onPause, onShortcuts, onMenu }: TopBarProps) {
  return (
    <header className={styles.bar} id="top">
      <span className={styles.menu}>
        <Button look="square" label="Menu" onClick={onMenu}>
          <MenuIcon />
        </Button>
      </span>
      <h1>Live</h1>
      {site !== null && <LiveBadge />}
      {site !== null && <QuietNote />}
      <div className={styles.filters}>{site !== null && <Filters sites={sites} site={site} />}</div>
      <div className={styles.actions}>
        <Button label={paused ? 'Go on (Space)' : 'Pause (Space)'} onClick={onPause}>
          {paused ? <PlayIcon /> : <PauseIcon />}
          <span className={styles.word}>{paused ? 'Go on' : 'Pause'}</span>
        </Button>
        <CopyLink />
        <span className={styles.keyboard}>
          <Button look="square" label="Keyboard shortcuts (?)" onClick={onShortcuts}>
            <KeyboardIcon />
          </Button>
        </span>
        <ThemeToggle />
      </div>
    </header>
  )
}

function Filters({ sites, site }: { sites: readonly Site[]; site: Site }) {
  const pages = useSlice('pages')
  const [view, change] = useViewState()
  const layouts = [
    { value: '', text: 'All layouts' },
    ...layoutNames.map((name) => ({ value: name, text: name[0].toUpperCase() + name.slice(1) })),
  ]
  return (
    <>
      <Select
        label="Site"
        value={String(site.id)}
        options={sites.map(({ id, name }) => ({ value: String(id), text: name }))}
        onChange={(value) => change({ site: Number(value), page: null })}
      />
      <PageSelect pages={pages ?? []} page={view.page} onChange={(page) => change({ page })} />
      <Select
        label="Layout"
        value={view.layout ?? ''}
        options={layouts}
        onChange={(value) => change({ layout: layoutNames.find((name) => name === value) ?? null })}
        isFilter
      />
    </>
  )
}

function CopyLink() {
  const [state, copy] = useCopy()
  const label = {
    idle: 'Copy link to this view',
    copied: 'Link copied',
    failed: 'The browser does not let the link be copied',
  }[state]
  return (
    <Button look="square" label={label} onClick={() => copy(location.href)}>
      {state === 'copied' ? <CheckIcon /> : <LinkIcon />}
    </Button>
  )
}

function ThemeToggle() {
  const theme = useTheme()
  return (
    <Button
      look="square"
      label={theme === 'dark' ? 'Light theme (t)' : 'Dark theme (t)'}
      onClick={toggleTheme}
    >
      {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
    </Button>
  )
}
