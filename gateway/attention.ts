import { limits } from '@sightline/protocol/limits'
import type { Connection } from './connection.ts'
import type { ConnectionTable, SiteConnections } from './connection-table.ts'

/** A log that can trade latency for work: how long it waits for more records before it sends. */
export interface AdjustableLinger {
  /** ms */
  setLinger(lingerMs: number): void
}

/** Trackers are told of a new interval when it differs by more than this share from what they were told last. */
const tellAbove = 0.1
/** `flush` messages that one tick sends at most: about 10 ms of work. */
const tellsPerTick = 1_000

/**
 * How often trackers flush: seldom when nobody looks at their site, often when somebody does, but never so often that
 * the gateway would have to carry more frames than its budget.
 */
export class Attention {
  private lingerMs = 0

  constructor(
    private readonly table: ConnectionTable,
    private readonly watched: () => ReadonlySet<number>,
    private readonly framesPerSecondBudget: number,
    private readonly log: object,
  ) {}

  /** Adds a connection and tells it its interval. */
  welcome(connection: Connection): void {
    const watched = this.watched().has(connection.site.id)
    const site = this.table.add(connection, watched ? this.watchedMs() : limits.flushUnwatchedMs)
    connection.setFlush(site.flushMs)
  }

  /** Once a second, and whenever it is known that somebody has begun to look: sets each site's interval. */
  evaluate(): void {
    const watched = this.watched()
    const watchedMs = this.watchedMs()
    let anyWatched = false
    for (const site of this.table.sites()) {
      const isWatched = watched.has(site.siteId)
      anyWatched ||= isWatched
      const flushMs = isWatched ? watchedMs : limits.flushUnwatchedMs
      if (!differs(flushMs, site.flushMs)) continue
      site.flushMs = flushMs
      site.toTell = site.list.length
    }
    this.setLinger(anyWatched ? limits.logLingerWatchedMs : limits.logLingerUnwatchedMs)
  }

  /** On each tick: tells trackers of their new interval, a bounded number at a time. */
  tell(): void {
    let left = tellsPerTick
    for (const site of this.table.sites()) {
      if (site.toTell > 0) left = tellSome(site, left)
      if (left === 0) return
    }
  }

  /**
   * ms for watched sites. One frame per connection and interval must stay within what the budget leaves beside the
   * unwatched sites' frames, of which a quarter is kept free in any case.
   */
  private watchedMs(): number {
    const watched = this.watched()
    let connections = 0
    for (const site of this.table.sites()) if (watched.has(site.siteId)) connections += site.list.length
    const unwatchedFrames = ((this.table.count - connections) * 1_000) / limits.flushUnwatchedMs
    const budget = Math.max(this.framesPerSecondBudget - unwatchedFrames, this.framesPerSecondBudget / 4)
    const ms = Math.ceil((connections / budget) * 1_000)
    return Math.min(limits.flushUnwatchedMs, Math.max(limits.flushWatchedMsMin, ms))
  }

  private setLinger(lingerMs: number): void {
    if (lingerMs === this.lingerMs) return
    this.lingerMs = lingerMs
    if (hasLinger(this.log)) this.log.setLinger(lingerMs)
  }
}

/**
 * From the end of the list down: a connection that goes is replaced by the last one, which so moves to where it either
 * was told already or still will be.
 */
function tellSome(site: SiteConnections, most: number): number {
  let left = most
  while (site.toTell > 0 && left > 0) {
    site.toTell--
    const connection = site.list[site.toTell]
    if (!differs(site.flushMs, connection.flushMs)) continue
    connection.setFlush(site.flushMs)
    left--
  }
  return left
}

function differs(ms: number, toldMs: number): boolean {
  return Math.abs(ms - toldMs) > toldMs * tellAbove
}

function hasLinger(log: object): log is AdjustableLinger {
  return 'setLinger' in log && typeof log.setLinger === 'function'
}
