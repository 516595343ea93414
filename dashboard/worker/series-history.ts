import { limits } from '@sightline/protocol/limits'
import type { Numbers, RingSecond } from '@sightline/protocol/live-frames'

/** Seconds, ascending and without holes, as columns; null where nothing is known. */
export interface SeriesColumns {
  second: number[]
  events: (number | null)[]
  moves: (number | null)[]
  clicks: (number | null)[]
  activeSessions: (number | null)[]
  /** Hand to gateway, ms. */
  handP50Ms: (number | null)[]
  handP99Ms: (number | null)[]
  /** Hand to live server, ms, as watched by this page. */
  lagP50Ms: (number | null)[]
  lagP99Ms: (number | null)[]
  /** Lost ÷ sealed, as watched by this page. */
  lostShare: (number | null)[]
}

interface Watched {
  lagP50Ms: number | null
  lagP99Ms: number | null
  lostShare: number | null
}

/**
 * The last five minutes by second: the server's ring, and beside it what only this page has watched over time
 * (the frames carry it as a present value, without history).
 */
export class SeriesHistory {
  private readonly rows = new Map<number, RingSecond>()
  private readonly watched = new Map<number, Watched>()
  private newest = 0

  /** Replaces whole rows; those older than the ring are dropped. */
  takeRing(rows: readonly RingSecond[]): void {
    for (const row of rows.slice(-limits.ringSeconds)) {
      this.rows.set(row.second, row)
      this.newest = Math.max(this.newest, row.second)
    }
    this.trim()
  }

  /** Remembers the present figures under the second in which the server made the frame. */
  watch(numbers: Numbers, atMs: number): void {
    const second = Math.floor(atMs / 1000)
    const lostShare = numbers.sealedEvents > 0 ? numbers.lostEvents / numbers.sealedEvents : null
    this.watched.set(second, { lagP50Ms: numbers.lagP50Ms, lagP99Ms: numbers.lagP99Ms, lostShare })
    this.newest = Math.max(this.newest, second)
    this.trim()
  }

  /** `untilSecond` is the last, whole second to show. */
  columns(untilSecond: number): SeriesColumns {
    const series: SeriesColumns = emptySeries()
    for (let second = this.oldest(untilSecond); second <= untilSecond; second++) {
      const row = this.rows.get(second)
      const watched = this.watched.get(second)
      series.second.push(second)
      series.events.push(row === undefined ? null : row.moves + row.clicks + row.scrolls + row.marks)
      series.moves.push(row?.moves ?? null)
      series.clicks.push(row?.clicks ?? null)
      series.activeSessions.push(row?.activeSessions ?? null)
      series.handP50Ms.push(row?.handP50Ms ?? null)
      series.handP99Ms.push(row?.handP99Ms ?? null)
      series.lagP50Ms.push(watched?.lagP50Ms ?? null)
      series.lagP99Ms.push(watched?.lagP99Ms ?? null)
      series.lostShare.push(watched?.lostShare ?? null)
    }
    return series
  }

  clear(): void {
    this.rows.clear()
    this.watched.clear()
    this.newest = 0
  }

  private oldest(untilSecond: number): number {
    let oldest = untilSecond + 1
    for (const second of this.rows.keys()) oldest = Math.min(oldest, second)
    for (const second of this.watched.keys()) oldest = Math.min(oldest, second)
    return Math.max(oldest, untilSecond - limits.ringSeconds + 1)
  }

  private trim(): void {
    const since = this.newest - limits.ringSeconds
    for (const map of [this.rows, this.watched]) {
      for (const second of map.keys()) if (second < since) map.delete(second)
    }
  }
}

export function emptySeries(): SeriesColumns {
  return {
    second: [],
    events: [],
    moves: [],
    clicks: [],
    activeSessions: [],
    handP50Ms: [],
    handP99Ms: [],
    lagP50Ms: [],
    lagP99Ms: [],
    lostShare: [],
  }
}
