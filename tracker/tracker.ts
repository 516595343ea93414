import { batchFlags, markKinds } from '@sightline/protocol/mark-kinds'
import { createBatcher, type Batcher } from './batcher.ts'
import { startClicks } from './capture/clicks.ts'
import { startMoves } from './capture/moves.ts'
import { startNavigation } from './capture/navigation.ts'
import { startScroll } from './capture/scroll.ts'
import type { Listen } from './capture/signals.ts'
import { createClock } from './clock.ts'
import { createConnection } from './connection.ts'
import { createRing } from './ring.ts'
import { createSession } from './session.ts'
import { sendBeforeUnload, takeLeftBehind } from './unload.ts'
import { watchViewport } from './viewport.ts'

/** What a page says when it starts the tracker. */
export interface TrackerSettings {
  /** The site's write key: `<site id>-<letters and digits>`. */
  key: string
  /** Origin of the gateway, such as `https://events.example`. */
  host: string
}

/** A running tracker. */
export interface Tracker {
  /** Sends what was captured and stops listening; the page goes on as if the tracker had never been here. */
  stop(): void
}

/**
 * Starts to capture on this page. Throws when the write key has no site id in front; never throws into the page later.
 */
export function startTracker({ key, host }: TrackerSettings): Tracker {
  const site = parseInt(key, 10)
  if (!(site > 0)) throw new Error('Sightline: no write key: ' + key)
  const query = '?key=' + key
  const storageKey = 'unsettled' + site
  const stopped = new AbortController()
  // The capture phase, so that nothing on the page can keep an event from it.
  const listen: Listen = (type, handle, target = window) =>
    target.addEventListener(type, handle as EventListener, { capture: true, signal: stopped.signal })

  const clock = createClock()
  const ring = createRing()
  const onSealed = () => connection.send()
  const viewport = watchViewport(listen)
  const batcher: Batcher = createBatcher(site, createSession(), clock, viewport, ring, onSealed)
  const connection = createConnection(host.replace(/^http/, 'ws') + '/ingest' + query, ring, batcher, clock)
  const arrive = () => {
    takeLeftBehind(ring, storageKey)
    connection.open()
  }
  /** A page that is hidden may be gone without another word. */
  const save = (kind: number, value: string) => {
    batcher.mark(kind, value)
    if (value === 'v') return
    batcher.seal(batchFlags.fin)
    sendBeforeUnload(host + '/beacon' + query, ring, storageKey)
  }
  const leave = () => {
    save(markKinds.pageHide, '')
    connection.close()
  }

  startNavigation(batcher, listen)
  startMoves(batcher, listen)
  startClicks(batcher, listen)
  startScroll(batcher, listen)
  let left = false
  listen('visibilitychange', () => {
    // Some browsers say so also after pagehide, when the last batch is sealed.
    if (!left) save(markKinds.visibility, document.hidden ? 'h' : 'v')
  })
  listen('pagehide', () => {
    left = true
    leave()
  })
  listen<PageTransitionEvent>('pageshow', (event) => {
    if (!event.persisted) return
    left = false
    arrive()
  })
  arrive()
  return {
    stop() {
      stopped.abort()
      viewport.stop()
      leave()
    },
  }
}
