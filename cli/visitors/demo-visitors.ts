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

/** Simulated visitors of the demo shop, over real sockets and the real wire protocol. Who leaves is replaced. */
export function startDemoVisitors({ gatewayUrl, site, origin, count }: DemoVisitorsOptions): DemoVisitors {
  const url = `${gatewayUrl.replace(/^http/, 'ws')}/ingest?key=${site.writeKey}`
  const { random } = Math
  const now = () => Math.round(performance.timeOrigin + performance.now())
  let flushMs: number = limits.flushUnwatchedMs
  let on = count > 0
  const people: { visitor: DemoVisitor; socket: TrackerSocket }[] = []

  const arrive = () => {
    const socket = new TrackerSocket({ url, origin, now, random, onFlush: (ms) => (flushMs = ms) })
    people.push({ visitor: new DemoVisitor(sitePages, site.id, socket, random, now()), socket })
  }
  const depart = (index: number) => {
    const [{ visitor, socket }] = people.splice(index, 1)
    visitor.leave(now())
    return socket.finish(2_000)
  }
  const timer = setInterval(() => {
    // A few at a time: nobody's visitors all come in the same moment.
    if (on && people.length < count) arrive()
    for (let i = people.length - 1; i >= 0; i--) {
      const { visitor, socket } = people[i]
      if (socket.unsettled.length < unsettledMax) visitor.advance(now(), flushMs)
      if (visitor.gone) void depart(i)
    }
  }, tickMs)

  const sendHome = () => Promise.all(people.map((_, i) => i).reverse().map(depart))
  return {
    toggle() {
      on = !on
      if (!on) void sendHome()
      return on
    },
    async stop() {
      clearInterval(timer)
      on = false
      await sendHome()
    },
  }
}
