import { BatchEncoder } from '@sightline/protocol/batch-encoder'
import { limits } from '@sightline/protocol/limits'
import { batchFlags } from '@sightline/protocol/mark-kinds'
import { nowMs, type Signals } from './capture/signals.ts'
import type { Clock } from './clock.ts'
import type { Ring } from './ring.ts'
import type { Session } from './session.ts'
import type { Viewport } from './viewport.ts'

/** Events and bytes at which a batch is sealed before its time is over. */
const fullEvents = 500
const fullBytes = 8_192
const fullClicksAndMarks = 100

/**
 * Collects signals into the open batch and seals it: when its time is over, when it is full, and before the page
 * changes, so that a batch belongs to one page. A lane is this document's own sequence of batches.
 */
export class Batcher implements Signals {
  /** ms that a batch stays open; the gateway says how long. */
  flushMs: number = limits.flushUnwatchedMs
  /** Batches refused for good so far, in events. */
  lostRefused = 0
  private readonly encoder = new BatchEncoder()
  private lane = randomLane()
  private seq = 0
  private sealedEvents = 0
  private thinnedSamples = 0
  private pv = 0
  private path = location.pathname
  private timer: ReturnType<typeof setTimeout> | undefined

  private readonly site: number
  private readonly session: Session
  private readonly clock: Clock
  private readonly viewport: Viewport
  private readonly ring: Ring
  private readonly onSealed: () => void

  constructor(site: number, session: Session, clock: Clock, viewport: Viewport, ring: Ring, onSealed: () => void) {
    this.site = site
    this.session = session
    this.clock = clock
    this.viewport = viewport
    this.ring = ring
    this.onSealed = onSealed
  }

  move(t: number, x: number, y: number): void {
    this.open(t).move(t, x, y)
    this.sealIfFull()
  }

  thinned(): void {
    this.thinnedSamples++
  }

  scroll(t: number, y: number): void {
    this.open(t).scroll(t, y)
    this.sealIfFull()
  }

  click(t: number, x: number, y: number, button: number, target: string, ex: number, ey: number): void {
    this.open(t).click(t, x, y, button, target, ex, ey)
    this.sealIfFull()
  }

  mark(t: number, kind: number, value: string): void {
    this.open(t).mark(t, kind, value)
    this.sealIfFull()
  }

  page(path: string): void {
    this.seal()
    this.path = path
    this.pv++
  }

  /** Seals the open batch, if it holds anything; `fin` when the document may never send another. */
  seal(fin = false): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const { encoder } = this
    if (encoder.count === 0) return
    const bytes = encoder.seal({
      session: this.session.id,
      lane: this.lane,
      seq: ++this.seq,
      ev0: this.sealedEvents,
      clockOff: this.clock.offsetMs,
      clockRtt: this.clock.roundTripMs,
      page: this.path,
      pv: this.pv,
      vw: this.viewport.width,
      vh: this.viewport.height,
      dh: this.viewport.documentHeight,
      ref: this.seq === 1 ? referrerHost() : '',
      lostRing: this.ring.lostEvents,
      lostRefused: this.lostRefused,
      thinned: this.thinnedSamples,
      flags: fin ? batchFlags.fin : 0,
      site: this.site,
    })
    this.sealedEvents += encoder.count
    this.ring.add({ bytes, events: encoder.count })
    encoder.begin(0)
    this.onSealed()
  }

  /** The open batch, begun when there is none. */
  private open(t: number): BatchEncoder {
    if (this.encoder.count === 0) {
      if (this.session.use(nowMs())) this.renewLane()
      this.encoder.begin(t)
      this.timer = setTimeout(() => this.seal(), this.flushMs)
    }
    return this.encoder
  }

  private sealIfFull(): void {
    const { count, bytes, clicksAndMarks } = this.encoder
    if (count >= fullEvents || bytes >= fullBytes || clicksAndMarks >= fullClicksAndMarks) this.seal()
  }

  /** A sequence belongs to a session and a lane: another session begins with another lane. */
  private renewLane(): void {
    this.lane = randomLane()
    this.seq = this.sealedEvents = this.thinnedSamples = this.lostRefused = this.ring.lostEvents = 0
  }
}

function randomLane(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]
}

/** Host of the page that led here, unless it is this site itself. */
function referrerHost(): string {
  const host = document.referrer && new URL(document.referrer).host
  return host === location.host ? '' : host
}
