import { type ReactNode, useEffect, useState } from 'react'
import { getJson, signInAgain } from '../rest/get-json.ts'
import type { ConnectionState, LiveView } from '../worker/worker-messages.ts'
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
    const stop = started.store.subscribe(() => checkSignIn(started.store.read().connection))
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

let checked: ConnectionState | null = null

/**
 * A server that wants a sign-in either closes the socket with a code that says so, or refuses the upgrade, of which a
 * browser tells nothing: then an API request finds out.
 */
function checkSignIn(connection: ConnectionState): void {
  if (connection === checked) return
  checked = connection
  if (connection.status === 'unauthorized') signInAgain()
  if (connection.status === 'waiting') getJson('/api/v1/config').catch(ignoreUnreachable)
}

/** The connection's own attempts go on, and the badge says so. */
function ignoreUnreachable(): void {}
