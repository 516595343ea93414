import { type ReactNode, useEffect, useState } from 'react'
import styles from './app.module.css'
import { AppFrame } from './frame/app-frame.tsx'
import { Button } from './frame/controls.tsx'
import { Mark } from './frame/icons.tsx'
import { LiveProvider } from './live/live-provider.tsx'
import { LivePage } from './panels/live/live-page.tsx'
import { lastSite, rememberSite } from './sites/last-site.ts'
import { siteOf } from './sites/site.ts'
import { useSites } from './sites/use-sites.ts'
import { completeViewState, useViewState } from './view-state/use-view-state.ts'

/** The Live page of the site in the address; messages while there is no site to show. */
export function App() {
  const { data: sites, error, refetch } = useSites()
  const [view] = useViewState()
  const [paused, setPaused] = useState(false)
  const [last] = useState(lastSite)
  const site = siteOf(sites ?? [], view.site ?? last)
  const { page, layout } = view
  // Looking at something else means wanting to see it.
  const shown = JSON.stringify([site?.id, page, layout])
  const [pausedAt, setPausedAt] = useState(shown)
  if (pausedAt !== shown) {
    setPausedAt(shown)
    setPaused(false)
  }
  useEffect(() => {
    document.title = site === null ? 'Live · Sightline' : `${site.name} · Live · Sightline`
  }, [site])

  const severalSites = (sites?.length ?? 0) > 1
  useEffect(() => {
    if (site === null) return
    rememberSite(site.id)
    if (severalSites && view.site === null) completeViewState({ site: site.id })
  }, [site, severalSites, view.site])

  if (sites === undefined && error !== null) {
    return (
      <Message title="The server does not answer">
        <p>{error.message}</p>
        <Button onClick={refetch}>Try again</Button>
      </Message>
    )
  }
  if (sites === undefined) return <Message title="Sightline">Loading…</Message>
  if (site === null)
    return (
      <Message title="No site yet">
        The server knows no site. It makes one at its first start; see its log.
      </Message>
    )
  return (
    <LiveProvider view={{ site: site.id, page, layout }} paused={paused}>
      <AppFrame sites={sites} site={site} paused={paused} onPause={() => setPaused((now) => !now)}>
        <LivePage site={site} />
      </AppFrame>
    </LiveProvider>
  )
}

function Message({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className={styles.message}>
      <Mark />
      <h1>{title}</h1>
      {children}
    </main>
  )
}
