import { type ReactNode, useEffect, useState } from 'react'
import { signInAgain } from '../rest/get-json.ts'
import type { LiveView } from '../worker/worker-messages.ts'
import { LiveClient } from './live-client.ts'
import { LiveContext } from './use-live.ts'

interface LiveProviderProps {
  view: LiveView
  paused: boolean
  children: ReactNode
}

/** Runs the live worker for a view and gives it to everything inside. */
export function LiveProvider({ view, paused, children }: LiveProviderProps) {
  const { site, page, layout } = view
  const [client, setClient] = useState<{ client: LiveClient; view: string } | null>(null)
  const key = JSON.stringify([site, page, layout])

  useEffect(() => {
    // The first view goes along with the start; changes of it follow below.
    const started = new LiveClient({ site, page, layout })
    setClient({ client: started, view: key })
    const stop = started.store.subscribe(() => {
      if (started.store.read().connection.status === 'unauthorized') signInAgain()
    })
    return () => {
      stop()
      started.close()
    }
    // oxlint-disable-next-line react/exhaustive-deps -- one worker for the life of the page
  }, [])

  useEffect(() => {
    if (client === null || client.view === key) return
    client.client.changeView({ site, page, layout })
    setClient({ client: client.client, view: key })
  }, [client, key, site, page, layout])

  useEffect(() => client?.client.setPaused(paused), [client, paused])

  if (client === null) return null
  return <LiveContext value={client.client}>{children}</LiveContext>
}
