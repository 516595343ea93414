import { sitePages } from '@sightline/demo/site-map'
import { limits } from '@sightline/protocol/limits'
import type { Site } from '@sightline/engine/registry/registry'
import { TrackerSocket } from '../wire/tracker-socket.ts'
import { DemoVisitor } from './demo-visitor.ts'

export interface DemoVisitorsOptions {
  gatewayUrl: string
  site: Site
  /** The shop's own origin, as browsers would send it. */
  origin: string
  count: number
}

export interface DemoVisitors {
  /** Sends them home or lets them in again; whether they are in now. */
  toggle(): boolean
  stop(): Promise<void>
}

const tickMs = 25
/** What a visitor may have under way; beyond that it waits, as a browser's ring would. */
const unsettledMax = 200
/** How long one who left waits for its last batches to be settled, and at the end, ms. */
const leaveMsMax = 60_000
const stopMsMax = 2_000

interface Person {
  visitor: DemoVisitor
  socket: TrackerSocket
}

/** Simulated visitors of the demo shop, over real sockets and the real wire protocol. Who leaves is replaced. */
export function startDemoVisitors({ gatewayUrl, site, origin, count }: DemoVisitorsOptions): DemoVisitors {
  const url = `${gatewayUrl.replace(/^http/, 'ws')}/ingest?key=${site.writeKey}`
  const { random } = Math
  const now = () => Math.round(performance.timeOrigin + performance.now())
  let flushMs: number = limits.flushUnwatchedMs
  let on = count > 0
  const people: Person[] = []
  /** Those who left and whose last batches are not settled yet. */
  const leaving = new Set<TrackerSocket>()

  const arrive = () => {
    const socket = new TrackerSocket({ url, origin, now, random, onFlush: (ms) => (flushMs = ms) })
    people.push({ visitor: new DemoVisitor(sitePages, site.id, socket, random, now()), socket })
  }
  const depart = ({ visitor, socket }: Person) => {
    visitor.leave(now())
    leaving.add(socket)
    void socket.finish(leaveMsMax).then(() => leaving.delete(socket))
  }
  const sendHome = () => people.splice(0).forEach(depart)
  const timer = setInterval(() => {
    // A few at a time: nobody's visitors all come in the same moment.
    if (on && people.length < count && leaving.size < count) arrive()
    for (const person of [...people]) {
      const { visitor, socket } = person
      if (socket.unsettled.length < unsettledMax) visitor.advance(now(), flushMs)
      if (!visitor.gone) continue
      people.splice(people.indexOf(person), 1)
      depart(person)
    }
  }, tickMs)

  return {
    toggle() {
      on = !on
      if (!on) sendHome()
      return on
    },
    async stop() {
      clearInterval(timer)
      on = false
      sendHome()
      const sockets = [...leaving]
      await Promise.all(sockets.map((socket) => socket.finish(stopMsMax)))
    },
  }
}
