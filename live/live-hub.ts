import type { Registry, StageReport } from '@sightline/engine/registry/registry'
import { Trouble } from '@sightline/engine/trouble'
import type { ViewerMessage } from '@sightline/protocol/live-frames'
import { limits } from '@sightline/protocol/limits'
import type { Clock } from './clock.ts'
import { encodeCursor } from './cursor.ts'
import { LiveFigures } from './live-figures.ts'
import { resumeFrom } from './resume.ts'
import { SiteLag } from './site-lag.ts'
import { Slices } from './slices.ts'
import type { StoreFollower } from './store-follower.ts'
import { View, type ViewKey } from './view.ts'
import { ViewPoints } from './view-points.ts'
import { Viewer, type ViewerSocket } from './viewer.ts'

/** One viewer's place: what it says is taken here. */
export interface Seat {
  /** False when the message names a site that there isn't: the socket is then closed. */
  take(message: ViewerMessage): boolean
  leave(): void
}

export interface HubOptions {
  follower: StoreFollower
  registry: Registry
  clock: Clock
  /** Names this process in its reports. */
  instance: string
  /** Told, once until it is over, what doesn't work for some seconds. */
  warn(line: string): void
}

/** How often what changes without commits (ages, sessions going idle) is looked at, ms. */
const idleTickMs = 250

/**
 * Ties viewers to views. A view exists while somebody looks at it; frames are made when a commit came and the last
 * frame is at least `viewerFrameMsMin` old, so that they follow the data and not a clock.
 */
export class LiveHub {
  private readonly views = new Map<string, View>()
  private readonly options: HubOptions
  private readonly points: ViewPoints
  private readonly lag = new SiteLag()
  private readonly figures: LiveFigures
  private readonly presenceTrouble: Trouble
  private reports: { list: StageReport[]; atMs: number } = { list: [], atMs: 0 }
  private exchanging = false
  private timers: NodeJS.Timeout[] = []
  private tickDue: NodeJS.Timeout | null = null
  private tickedMs = -Infinity
  private stopped = false

  constructor(options: HubOptions) {
    this.options = options
    const { follower, clock, warn } = options
    this.figures = new LiveFigures(clock)
    this.presenceTrouble = new Trouble(warn)
    this.points = new ViewPoints({ [Symbol.iterator]: () => this.views.values() }, (site, timeMs) =>
      this.lag.add(site, clock.now() - timeMs, clock.now()),
    )
    follower.events = { changed: () => this.changed(), reset: () => this.restart() }
  }

  start(): void {
    this.timers = [
      setInterval(() => this.tick(), idleTickMs),
      setInterval(() => void this.exchangePresence(), limits.reportMs),
    ]
    void this.exchangePresence()
  }

  /** Nothing is sent any more. */
  stop(): void {
    this.stopped = true
    for (const timer of this.timers) clearInterval(timer)
    if (this.tickDue !== null) clearTimeout(this.tickDue)
  }

  get viewerCount(): number {
    let count = 0
    for (const view of this.views.values()) count += view.viewerCount
    return count
  }

  admit(socket: ViewerSocket): Seat {
    /** What is looked at; `view` is null while it is paused. */
    let seat: { key: ViewKey; viewer: Viewer; view: View | null } | null = null
    const stand = () => {
      if (seat?.view) this.leave(seat.view, seat.viewer)
    }
    const sit = (key: ViewKey, viewer: Viewer, cursor: string | null) => {
      seat = { key, viewer, view: this.seat(key, viewer, cursor) }
    }
    return {
      take: (message) => {
        if (message.type === 'subscribe') {
          const { site, page, layout, cursor } = message
          if (this.options.registry.site(site) === undefined) return false
          stand()
          sit({ site, page, layout }, new Viewer(socket), cursor)
          void this.watch([site])
        } else if (seat === null) return true
        else if (message.type === 'seen') seat.viewer.drawn(message.sequence)
        else if (message.type === 'pause') {
          stand()
          seat.view = null
        } else if (seat.view === null) {
          seat.viewer.beginAnew()
          sit(seat.key, seat.viewer, message.cursor)
        }
        return true
      },
      leave: () => {
        stand()
        seat = null
      },
    }
  }

  /** With a cursor from which all commits are still here, the viewer is sent what it missed; else a snapshot. */
  private seat(key: ViewKey, viewer: Viewer, cursor: string | null): View {
    const view = this.view(key)
    const resumed = cursor === null ? null : resumeFrom(this.options.follower, key, cursor)
    if (cursor === null || resumed === null) view.join(viewer)
    else if ('missed' in resumed) view.resume(viewer, cursor, resumed.missed)
    else view.join(viewer, resumed.gap)
    return view
  }

  private leave(view: View, viewer: Viewer): void {
    view.leave(viewer)
    if (view.viewerCount > 0) return
    this.views.delete(keyOf(view.key))
    // With nobody looking, points need not even be read.
    if (this.views.size === 0) this.options.follower.onPoints = null
  }

  private view(key: ViewKey): View {
    const text = keyOf(key)
    const found = this.views.get(text)
    if (found !== undefined) return found
    const { follower, clock } = this.options
    const slices = new Slices({ key, follower, lag: this.lag, clock, reports: () => this.reports.list })
    const view = new View(key, {
      slices,
      clock,
      position: () => ({
        cursor: encodeCursor(follower.cursors),
        newestRecordMs: follower.newestRecordMs,
      }),
      onSent: () => this.figures.frameSent(),
      onSlow: () => this.figures.slowClosed(),
    })
    this.views.set(text, view)
    follower.onPoints = this.points
    return view
  }

  private changed(): void {
    if (this.views.size === 0) return
    this.figures.arrived()
    this.tickIn(this.tickedMs + limits.viewerFrameMsMin - this.options.clock.monotonicMs())
  }

  private tickIn(ms: number): void {
    if (this.tickDue === null && !this.stopped) this.tickDue = setTimeout(() => this.tick(), Math.max(0, ms))
  }

  private tick(): void {
    if (this.tickDue !== null) clearTimeout(this.tickDue)
    this.tickDue = null
    if (this.stopped) return
    this.tickedMs = this.options.clock.monotonicMs()
    let again = 0
    for (const view of this.views.values()) again = Math.max(again, view.tick())
    this.figures.ticked()
    if (again > 0) this.tickIn(again)
  }

  private restart(): void {
    for (const view of this.views.values()) view.restart({ reason: 'rolled-back', records: 0 })
    this.changed()
  }

  private async exchangePresence(): Promise<void> {
    if (this.exchanging || this.stopped) return
    this.exchanging = true
    const { registry, clock, instance, follower } = this.options
    await this.watch(new Set([...this.views.values()].map(({ key }) => key.site)))
    const { viewerCount: viewers, views } = this
    const figures = { ...this.figures.take(), viewers, views: views.size, unreadable: follower.unreadable }
    await this.presence(() => registry.report({ stage: 'live', instance, atMs: clock.now(), figures }))
    await this.presence(async () => {
      this.reports = { list: await registry.reports(), atMs: clock.monotonicMs() }
    })
    if (clock.monotonicMs() - this.reports.atMs > limits.presenceMs) this.reports.list = []
    this.exchanging = false
  }

  private watch(sites: Iterable<number>): Promise<void> {
    return this.presence(async () => {
      for (const site of sites) await this.options.registry.watch(site)
    })
  }

  /** Presence is never truth: what fails here is made up for a second later. */
  private async presence(exchange: () => Promise<void>): Promise<void> {
    try {
      await exchange()
      this.presenceTrouble.over()
    } catch (error) {
      this.presenceTrouble.failed('presence is not available', error)
    }
  }
}

function keyOf(key: ViewKey): string {
  return JSON.stringify([key.site, key.layout, key.page])
}
