import { BatchEncoder } from '@sightline/protocol/batch-encoder'
import { limits } from '@sightline/protocol/limits'
import type { Signals } from './capture/signals.ts'
import type { Clock } from './clock.ts'
import { newLane, type Lane } from './lane.ts'
import type { Ring } from './ring.ts'
import type { Session } from './session.ts'
import type { Viewport } from './viewport.ts'

/** Collects signals into the open batch and seals it. */
export interface Batcher extends Signals {
  /** How long a batch stays open, ms; the gateway says it. */
  flushMs: number
  /** Seals the open batch, if it holds anything. `flags`: see batchFlags. */
  seal(flags?: number): void
}

/**
 * A batch is sealed when its time is over, when it is full, and before the page changes, so that it belongs to one page.
 * `onSealed` is called when the ring has got another one.
 */
export function createBatcher(
  site: number,
  session: Session,
  clock: Clock,
  viewport: Viewport,
  ring: Ring,
  onSealed: () => void,
): Batcher {
  const encoder = new BatchEncoder()
  let lane: Lane
  let page = ''
  let pv = 0
  let ref = referrerHost()
  let begunMs = 0
  let timer: ReturnType<typeof setTimeout>

  const seal = (flags = 0) => {
    clearTimeout(timer)
    const events = encoder.count
    if (!events) return
    // Read anew for each batch: the monotonic clock stands still while some computers sleep.
    const sealedMs = Date.now()
    encoder.rebase(Math.round(sealedMs - performance.now() + begunMs))
    lane.seq++
    const bytes = encoder.seal({
      site,
      session: session.id,
      ...lane,
      ...clock,
      ...viewport,
      page,
      pv,
      ref,
      flags,
    })
    lane.ev0 += events
    ref = ''
    encoder.begin(0)
    ring.add({ bytes, events, lane, sealedMs })
    onSealed()
  }

  const batchAt = (timeStamp: number) => {
    // With the longest strings and the widest numbers in each that is less than batchBytesMax.
    const full =
      encoder.count >= limits.sealedEventsMax || encoder.clicksAndMarks >= limits.sealedClicksAndMarksMax
    if (full || timeStamp - begunMs > limits.batchSpanMsMax) seal()
    if (!encoder.count) {
      if (session.use(Date.now())) lane = newLane()
      begunMs = timeStamp
      encoder.begin(timeStamp)
      timer = setTimeout(seal, batcher.flushMs)
    }
    return encoder
  }

  const batcher: Batcher = {
    flushMs: limits.flushUnwatchedMs,
    seal,
    batchAt,
    mark(kind, value) {
      const now = performance.now()
      batchAt(now).mark(now, kind, value)
    },
    thinned: () => lane.thinned++,
    page(path) {
      seal()
      page = path
      pv++
    },
  }
  return batcher
}

/** Host of the page that led here, unless it is this site itself. */
function referrerHost(): string {
  const host = document.referrer && new URL(document.referrer).host
  return host === location.host ? '' : host
}
