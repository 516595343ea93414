import { markKinds } from '@sightline/protocol/mark-kinds'
import { Batcher } from './batcher.ts'
import { startClicks } from './capture/clicks.ts'
import { startMoves } from './capture/moves.ts'
import { startNavigation } from './capture/navigation.ts'
import { startScroll } from './capture/scroll.ts'
import { listen, nowMs, stopListening, timeOf } from './capture/signals.ts'
import { startVisibility } from './capture/visibility.ts'
import { Clock } from './clock.ts'
import { Connection } from './connection.ts'
import { Ring } from './ring.ts'
import { Session } from './session.ts'
import { siteOf, type TrackerSettings } from './settings.ts'
import { sendBeforeUnload, takeLeftBehind } from './unload.ts'
import { Viewport } from './viewport.ts'

/** A running tracker. */
export interface Tracker {
  /** Sends what was captured and stops listening; the page goes on as if it had never been here. */
  stop(): void
}

/**
 * Starts capturing on this page. Throws when the write key has no site id in front; never throws into the page later.
 */
export function startTracker(settings: TrackerSettings): Tracker {
  const site = siteOf(settings.key)
  if (!(site > 0)) throw new Error(`Sightline: ${JSON.stringify(settings.key)} is not a write key`)
  const query = '?key=' + encodeURIComponent(settings.key)
  const beaconUrl = settings.host + '/beacon' + query
  const clock = new Clock()
  const viewport = new Viewport()
  const ring = new Ring()
  const batcher: Batcher = new Batcher(site, new Session(), clock, viewport, ring, () => connection.send())
  const connection = new Connection(settings.host.replace(/^http/, 'ws') + '/ingest' + query, ring, batcher, clock)
  takeLeftBehind(nowMs()).forEach((batch) => ring.add(batch))

  const leave = (fin: boolean) => {
    batcher.seal(fin)
    sendBeforeUnload(beaconUrl, ring, nowMs())
  }
  startNavigation(batcher)
  startMoves(batcher)
  startClicks(batcher)
  startScroll(batcher)
  startVisibility(batcher)
  listen(document, 'visibilitychange', () => document.hidden && leave(false))
  listen(window, 'pagehide', (event) => {
    batcher.mark(timeOf(event), markKinds.pageHide, '')
    leave(true)
    connection.close()
  })
  listen<PageTransitionEvent>(window, 'pageshow', (event) => {
    if (event.persisted) connection.reopen()
  })
  connection.open()
  return {
    stop() {
      stopListening()
      leave(true)
      connection.close()
      viewport.stop()
    },
  }
}
