import { type ReactNode, useState } from 'react'
import { Snippet } from '../panels/live/empty-state/snippet.tsx'
import type { Site } from '../sites/site.ts'
import { toggleTheme } from '../theme/theme.ts'
import styles from './app-frame.module.css'
import { Dialog, useModal } from './dialog.tsx'
import { ShortcutsDialog } from './shortcuts-dialog.tsx'
import { useShortcuts } from './shortcuts.ts'
import { Sidebar } from './sidebar.tsx'
import { TopBar } from './top-bar.tsx'

interface AppFrameProps {
  sites: readonly Site[]
  site: Site | null
  paused: boolean
  onPause: () => void
  children: ReactNode
}

type Open = 'none' | 'menu' | 'shortcuts' | 'snippet'

/** Sidebar, top bar and dialogs around a view. */
export function AppFrame({ sites, site, paused, onPause, children }: AppFrameProps) {
  const [open, setOpen] = useState<Open>('none')
  const close = () => setOpen('none')
  const drawer = useModal(open === 'menu')
  useShortcuts({ pause: onPause, theme: toggleTheme, shortcuts: () => setOpen('shortcuts') })
  const sidebar = <Sidebar live={site !== null} onSnippet={() => setOpen('snippet')} onChosen={close} />
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        Skip to the content
      </a>
      <aside className={styles.side} aria-label="Views and site">
        <div className={styles.sticky}>{sidebar}</div>
      </aside>
      <div className={styles.main}>
        <TopBar
          sites={sites}
          site={site}
          paused={paused}
          onPause={onPause}
          onShortcuts={() => setOpen('shortcuts')}
          onMenu={() => setOpen('menu')}
        />
        <main id="content">{children}</main>
      </div>
      <dialog
        ref={drawer}
        className={styles.drawer}
        aria-label="Menu"
        onClose={() => setOpen((now) => (now === 'menu' ? 'none' : now))}
        onClick={(event) => event.target === event.currentTarget && close()}
      >
        {open === 'menu' && sidebar}
      </dialog>
      <ShortcutsDialog open={open === 'shortcuts'} onClose={close} />
      <Dialog title={`Snippet of ${site?.name ?? 'the site'}`} open={open === 'snippet'} onClose={close} wide>
        <p>Paste this line before the end of the head of every page.</p>
        {site !== null && <Snippet />}
      </Dialog>
    </div>
  )
}
