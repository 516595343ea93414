import type { Registry, StageReport } from '@sightline/engine/registry/registry'
import type { FrameHeader, ViewerMessage } from '@sightline/protocol/live-frames'
import { limits } from '@sightline/protocol/limits'
import type { Logger } from 'pino'
import { resumeFrom } from './resume.ts'
import { SiteLag } from './site-lag.ts'
import { Slices } from './slices.ts'
import { encodeCursor } from './cursor.ts'
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

/** How often what changes without commits (ages, sessions going idle) is looked at, ms. */
const idleTickMs = 250

/**
 * Ties viewers to views. A view exists while somebody looks at it; frames are made when a commit came and the last
 * frame is at least 16 ms old, so that they follow the data and not a clock.
 */
export class LiveHub {
  private readonly views = new Map<string, View>()
  private readonly follower: StoreFollower
  private readonly registry: Registry
  private readonly logger: Logger
  private readonly now: () => number
  private readonly lag = new SiteLag()
  private reports: StageReport[] = []
  private timers: NodeJS.Timeout[] = []
  private tickDue: NodeJS.Timeout | null = null
  private tickedMs = 0

  constructor({ follower, registry, logger, now }: { follower: StoreFollower; registry: Registry; logger: Logger; now: () => number }) {
    this.follower = follower
    this.registry = registry
    this.logger = logger
    this.now = now
    const points = new ViewPoints({ [Symbol.iterator]: () => this.views.values() })
    points.onPointTime = (site, timeMs) => this.lag.add(site, now() - timeMs, now())
    follower.onPoints = points
    follower.events = { changed: () => this.tickSoon(), reset: () => this.restart() }
  }

  start(): void {
    this.timers = [
      setInterval(() => this.tick(), idleTickMs),
      setInterval(() => void this.exchangePresence(), limits.reportMs),
    ]
    void this.exchangePresence()
  }

  stop(): void {
    this.timers.forEach(clearInterval)
    if (this.tickDue !== null) clearTimeout(this.tickDue)
  }

  get viewerCount(): number {
    let count = 0
    for (const view of this.views.values()) count += view.viewerCount
    return count
  }

  admit(socket: ViewerSocket): Seat {
    let seat: { view: View; viewer: Viewer } | null = null
    const leave = () => {
      if (seat === null) return
      seat.view.leave(seat.viewer)
      if (seat.view.viewerCount === 0) this.views.delete(keyOf(seat.view.key))
      seat = null
    }
    return {
      take: (message) => {
        if (message.type === 'subscribe') {
          if (this.registry.site(message.site) === undefined) return false
          leave()
          const view = this.view({ site: message.site, page: message.page, layout: message.layout })
          seat = { view, viewer: new Viewer(socket) }
          this.seat(seat.view, seat.viewer, message.cursor)
          void this.watch(message.site)
        } else if (seat === null) return true
        else if (message.type === 'seen') seat.viewer.drawn(message.sequence)
        else if (message.type === 'pause') {
          seat.viewer.paused = true
          seat.view.leave(seat.viewer)
        } else if (seat.viewer.paused) {
          seat.viewer.paused = false
          this.seat(seat.view, seat.viewer, message.cursor)
        }
        return true
      },
      leave,
    }
  }

  /** With a cursor from which all commits are still here, the viewer is sent what it missed; else a snapshot. */
  private seat(view: View, viewer: Viewer, cursor: string | null): void {
    const nowMs = this.now()
    if (cursor === null) return view.join(viewer, nowMs)
    const resumed = resumeFrom(this.follower, view.key, cursor)
    if ('missed' in resumed) view.resume(viewer, nowMs, cursor, resumed.missed)
    else view.join(viewer, nowMs, resumed.gap)
  }

  private view(key: ViewKey): View {
    const text = keyOf(key)
    let view = this.views.get(text)
    if (view === undefined) {
      const slices = new Slices({ key, follower: this.follower, lag: this.lag, reports: () => this.reports })
      view = new View(key, slices, () => ({
        cursor: encodeCursor(this.follower.cursors),
        newestRecordMs: this.follower.newestRecordMs,
      }))
      this.views.set(text, view)
    }
    return view
  }

  private tickSoon(): void {
    if (this.tickDue !== null || this.views.size === 0) return
    const wait = Math.max(0, this.tickedMs + limits.viewerFrameMsMin - this.now())
    this.tickDue = setTimeout(() => this.tick(), wait)
  }

  private tick(): void {
    if (this.tickDue !== null) clearTimeout(this.tickDue)
    this.tickDue = null
    const nowMs = this.now()
    this.tickedMs = nowMs
    for (const view of this.views.values()) view.tick(nowMs)
  }

  private restart(): void {
    const gap: FrameHeader['gap'] = { reason: 'rolled-back', records: 0 }
    for (const view of this.views.values()) view.restart(this.now(), gap)
  }

  /** Presence is never truth: what fails here is made up for a second later. */
  private async exchangePresence(): Promise<void> {
    const watched = new Set<number>()
    for (const view of this.views.values()) if (view.viewerCount > 0) watched.add(view.key.site)
    try {
      for (const site of watched) await this.registry.watch(site)
      this.reports = await this.registry.reports()
    } catch (error) {
      this.logger.warn({ err: error }, 'presence is not available')
    }
  }

  private async watch(site: number): Promise<void> {
    await this.registry.watch(site).catch((error: unknown) => this.logger.warn({ err: error }, 'presence is not available'))
  }
}

function keyOf(key: ViewKey): string {
  return JSON.stringify([key.site, key.layout, key.page])
}
