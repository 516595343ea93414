import { BatchEncoder } from '@sightline/protocol/batch-encoder'
import { limits } from '@sightline/protocol/limits'
import { batchFlags, markKinds } from '@sightline/protocol/mark-kinds'
import { siteMapWidth, type SiteElement, type SitePage } from '@sightline/demo/site-map'
import type { TrackerSocket } from '../wire/tracker-socket.ts'
import { pointerAt, reachMs } from './pointer-path.ts'

/** ms between two samples of a pointer that moves. */
const sampleMs = 16
const phoneWidth = 390
/** How far back a visitor lives through what it missed, ms. */
const catchUpMsMax = 5_000
/** Events that one sample may add. */
const roomForSample = 16

/** Share of a resting hand's samples in which it moves. */
const fidgetShare = 0.25

interface Point {
  x: number
  y: number
}

/**
 * One simulated person in the demo shop: looks around, moves to things, clicks, scrolls, goes to other pages and leaves.
 * What it does is a function of the times it is called with and of `random`.
 */
export class DemoVisitor {
  /** True when it has left; its last batch carries the fin flag. */
  gone = false
  private readonly encoder = new BatchEncoder()
  private readonly socket: TrackerSocket
  private readonly random: () => number
  private readonly pages: readonly SitePage[]
  private readonly site: number
  private readonly session: Uint8Array
  private readonly width: number
  private readonly height: number
  private readonly lane: number
  private seq = 0
  private sealedEvents = 0
  private pv = 0
  private page: SitePage
  private scrollY = 0
  private at: Point
  private sampledMs: number
  private sealedMs: number
  private reach: {
    from: Point
    to: Point
    beginMs: number
    endMs: number
    bend: number
    target: SiteElement | null
  } | null = null
  private restUntilMs: number
  private pagesLeft: number

  constructor(
    pages: readonly SitePage[],
    site: number,
    socket: TrackerSocket,
    random: () => number,
    nowMs: number,
  ) {
    this.pages = pages
    this.site = site
    this.socket = socket
    this.random = random
    this.session = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256))
    this.lane = Math.floor(random() * 2 ** 32)
    const phone = random() < 0.15
    this.width = phone ? phoneWidth : siteMapWidth
    this.height = phone ? 844 : 900
    this.at = { x: this.width * random(), y: this.height * random() }
    this.sampledMs = this.sealedMs = this.restUntilMs = nowMs
    this.pagesLeft = 2 + Math.floor(random() * 8)
    this.page = pages[random() < 0.6 ? 0 : Math.floor(random() * pages.length)]
    this.open(nowMs, markKinds.start, '')
  }

  /**
   * Does what a person would have done since the last call; seals a batch when `flushMs` have passed. Of a long time
   * without a call (a machine that slept, a gateway that took nothing) only the last seconds are lived through.
   */
  advance(nowMs: number, flushMs: number): void {
    if (nowMs - this.sampledMs > catchUpMsMax) {
      this.seal(this.sampledMs, 0)
      this.sampledMs = nowMs - catchUpMsMax
      this.encoder.begin(this.sampledMs)
    }
    while (!this.gone && this.sampledMs + sampleMs <= nowMs) {
      this.sampledMs += sampleMs
      this.sample(this.sampledMs)
      if (this.isFull) this.seal(this.sampledMs, 0)
    }
    if (nowMs - this.sealedMs >= flushMs) this.seal(nowMs, 0)
  }

  /** Little room is left in the batch: less than what one sample may add. */
  private get isFull(): boolean {
    const { count, clicksAndMarks } = this.encoder
    return (
      count >= limits.batchEventsMax - roomForSample ||
      clicksAndMarks >= limits.batchClicksAndMarksMax - roomForSample
    )
  }

  /** Leaves: the last batch says that nothing follows. */
  leave(nowMs: number): void {
    if (this.gone) return
    this.gone = true
    this.encoder.mark(nowMs, markKinds.pageHide, '')
    this.seal(nowMs, batchFlags.fin)
  }

  private sample(nowMs: number): void {
    if (this.reach === null) {
      if (nowMs >= this.restUntilMs) this.decide(nowMs)
      else if (this.random() < fidgetShare) this.fidget(nowMs)
      return
    }
    const { from, to, beginMs, endMs, bend, target } = this.reach
    this.at = pointerAt(from, to, (nowMs - beginMs) / (endMs - beginMs), bend)
    const tremor = () => (this.random() - 0.5) * 2
    this.encoder.move(nowMs, Math.round(this.at.x + tremor()), Math.round(this.at.y + tremor()))
    if (nowMs < endMs) return
    this.reach = null
    this.restUntilMs = nowMs + 200 + this.random() ** 2 * 3_000
    if (target !== null) this.click(nowMs, target)
  }

  /** A hand at rest is never quite still. */
  private fidget(nowMs: number): void {
    const around = (centre: number, most: number) =>
      Math.max(0, Math.min(most, centre + (this.random() + this.random() - 1) * 14))
    this.encoder.move(
      nowMs,
      Math.round(around(this.at.x, this.width - 1)),
      Math.round(around(this.at.y, this.page.height - 1)),
    )
  }

  private decide(nowMs: number): void {
    const chance = this.random()
    const targets = this.page.elements
    if (chance < 0.62 && targets.length > 0) {
      const target = targets[Math.floor(this.random() ** 1.6 * targets.length)]
      const to = {
        x: (target.x * this.width) / siteMapWidth + (this.random() - 0.5) * 30,
        y: target.y + (this.random() - 0.5) * 12,
      }
      this.scrollTo(nowMs, to.y)
      this.reachFor(nowMs, to, this.random() < 0.55 ? target : null)
    } else if (chance < 0.85) {
      const to = {
        x: this.width * (0.15 + 0.7 * this.random()),
        y: this.scrollY + this.height * (0.1 + 0.8 * this.random()),
      }
      this.reachFor(nowMs, to, null)
    } else this.goOn(nowMs)
  }

  private reachFor(nowMs: number, to: Point, target: SiteElement | null): void {
    const aim = {
      x: Math.max(0, Math.min(this.width - 1, to.x)),
      y: Math.max(0, Math.min(this.page.height - 1, to.y)),
    }
    const bend = (this.random() - 0.5) * 0.4
    this.reach = {
      from: this.at,
      to: aim,
      beginMs: nowMs,
      endMs: nowMs + reachMs(this.at, aim),
      bend,
      target,
    }
  }

  private scrollTo(nowMs: number, y: number): void {
    if (y > this.scrollY && y < this.scrollY + this.height) return
    const wanted = Math.max(0, Math.min(this.page.height - this.height, y - this.height / 2))
    const moved = wanted - this.scrollY
    for (let i = 1; i <= 4; i++) this.encoder.scroll(nowMs, Math.round(this.scrollY + (moved * i) / 4))
    this.scrollY = wanted
    this.at = { x: this.at.x, y: this.at.y + moved }
  }

  private click(nowMs: number, target: SiteElement): void {
    const within = () => Math.floor(16_384 + this.random() * 32_768)
    this.encoder.click(
      nowMs,
      Math.round(this.at.x),
      Math.round(this.at.y),
      0,
      target.label,
      within(),
      within(),
    )
    if (target.to !== undefined) this.goOn(nowMs, target.to)
  }

  /** To another page, where a link leads or wherever people go; home when they have seen enough. */
  private goOn(nowMs: number, to?: string): void {
    if (--this.pagesLeft <= 0) {
      this.leave(nowMs)
      return
    }
    const left = this.page.path
    const path = to?.replace(/[?#].*$/, '')
    const others = this.pages.filter((page) => page.path !== left)
    const next =
      this.pages.find((page) => page.path === path) ?? others[Math.floor(this.random() ** 2 * others.length)]
    if (next.path === left) return
    this.seal(nowMs, 0)
    this.page = next
    this.open(nowMs, markKinds.navigation, left)
  }

  private open(nowMs: number, kind: number, left: string): void {
    this.pv++
    this.scrollY = 0
    this.at = { x: this.at.x, y: Math.min(this.at.y, this.height - 1) }
    this.restUntilMs = nowMs + 300
    this.encoder.begin(nowMs)
    this.encoder.mark(nowMs, kind, left)
  }

  private seal(nowMs: number, flags: number): void {
    this.sealedMs = nowMs
    if (this.encoder.count > 0) {
      const bytes = this.encoder.seal({
        session: this.session,
        lane: this.lane,
        seq: ++this.seq,
        ev0: this.sealedEvents,
        clockOff: 0,
        clockRtt: 1,
        page: this.page.path,
        pv: this.pv,
        vw: this.width,
        vh: this.height,
        dh: this.page.height,
        lostRing: 0,
        lostRefused: 0,
        thinned: 0,
        flags,
        site: this.site,
      })
      this.sealedEvents += this.encoder.count
      this.socket.send(bytes, this.encoder.count)
    }
    this.encoder.begin(this.sampledMs)
  }
}
