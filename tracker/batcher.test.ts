import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BatchDecoder } from '@sightline/protocol/batch-decoder'
import { limits } from '@sightline/protocol/limits'
import { batchFlags, markKinds } from '@sightline/protocol/mark-kinds'
import { createBatcher, type Batcher } from './batcher.ts'
import { createClock } from './clock.ts'
import { createRing, type Ring, type SealedBatch } from './ring.ts'
import type { Session } from './session.ts'

const epoch = 1_800_000_000_000
const decoder = new BatchDecoder()

let ring: Ring
let batcher: Batcher
let sealed: number
/** True once when the session is to be a new one. */
let renew: boolean
const session: Session = {
  id: new Uint8Array(16).fill(1),
  use() {
    const renewed = renew
    if (renewed) session.id = session.id.map((byte) => byte + 1)
    renew = false
    return renewed
  },
}
const viewport = { vw: 1_440, vh: 900, dh: 5_200, stop() {} }

function start(referrer = ''): void {
  vi.stubGlobal('document', { referrer })
  vi.stubGlobal('location', { host: 'shop.example' })
  ring = createRing()
  sealed = 0
  renew = true
  batcher = createBatcher(7, session, createClock(), viewport, ring, () => sealed++)
  batcher.page('/')
}

beforeEach(() => {
  vi.useFakeTimers({ now: epoch, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  start()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** What the gateway reads of a batch. */
function read({ bytes }: SealedBatch) {
  expect(decoder.read(bytes)).toBeNull()
  const {
    lane,
    seq,
    ev0,
    n,
    t0,
    pv,
    flags,
    thinned,
    lostRing,
    lostRefused,
    moveCount,
    clickCount,
    markCount,
  } = decoder
  return {
    ...{ lane, seq, ev0, n, t0, pv, flags, thinned, lostRing, lostRefused, moveCount, clickCount, markCount },
    session: decoder.bytes.slice(decoder.sessionStart, decoder.sessionStart + 16).join(),
    page: decoder.text(decoder.pageStart, decoder.pageEnd),
    ref: decoder.text(decoder.refStart, decoder.refEnd),
    times: [...decoder.moveDt.subarray(0, moveCount)],
  }
}

const batches = () => [...ring.batches].map(read)
const move = (t: number) => batcher.batchAt(t).move(t, 10, 20)
const click = (t: number, target = 'x') => batcher.batchAt(t).click(t, 1, 1, 0, target, 0, 0)

describe('when a batch is sealed', () => {
  it('[D12] when it has been open for as long as the gateway says', () => {
    move(0)
    vi.advanceTimersByTime(limits.flushUnwatchedMs - 1)
    expect(sealed).toBe(0)
    vi.advanceTimersByTime(1)
    expect(sealed).toBe(1)
    batcher.flushMs = 50
    move(performance.now())
    vi.advanceTimersByTime(50)
    expect(batches().map(({ n }) => n)).toEqual([1, 1])
  })

  it('[E1] before the page changes, so that a batch has one page', () => {
    move(0)
    batcher.page('/cart')
    move(1)
    move(2)
    batcher.seal()
    expect(batches()).toMatchObject([
      { page: '/', pv: 1, n: 1 },
      { page: '/cart', pv: 2, n: 2 },
    ])
  })

  it('nothing is sealed where nothing was captured', () => {
    batcher.seal(batchFlags.fin)
    batcher.page('/a')
    vi.advanceTimersByTime(60_000)
    expect(sealed).toBe(0)
  })

  it('[B9] before it holds more events than it may', () => {
    for (let i = 0; i < 2_000; i++) move(i / 10)
    batcher.seal()
    expect(batches().map(({ n }) => n)).toEqual([500, 500, 500, 500])
  })

  it('[B1] the longest strings and widest numbers still make a batch that fits', () => {
    const wide = { clockOff: -limits.clockOffsetMsMax, clockRtt: 2 ** 32 - 1, sample() {} }
    const large = { vw: 65_535, vh: 65_535, dh: limits.positionPxMax, stop() {} }
    vi.stubGlobal('document', {
      referrer: `https://${'r'.repeat(60)}.${'f'.repeat(60)}.${'h'.repeat(60)}.${'o'.repeat(60)}.example/`,
    })
    batcher = createBatcher(2 ** 32 - 1, session, wide, large, ring, () => {})
    renew = true
    batcher.page('/' + 'é'.repeat(2_000))
    // From one end of the page to the other, so that each delta takes its three bytes.
    const far = (i: number) => (i % 2) * limits.positionPxMax
    for (let i = limits.sealedClicksAndMarksMax; i < limits.sealedEventsMax; i++)
      batcher.batchAt(0).move(i * 1_200, far(i), far(i))
    batcher.mark(markKinds.navigation, '/' + 'é'.repeat(2_000))
    const [lastMs, lastPx] = [limits.batchSpanMsMax, limits.positionPxMax]
    for (let i = 1; i < limits.sealedClicksAndMarksMax; i++) {
      batcher.batchAt(0).click(lastMs, lastPx, lastPx, 255, 'é'.repeat(300), 65_535, 65_535)
    }
    move(0)
    const [{ bytes, events }] = [...ring.batches]
    expect(events).toBe(limits.sealedEventsMax)
    expect(decoder.read(bytes)).toBeNull()
    expect(bytes.length).toBeGreaterThan(13_000)
    expect(bytes.length).toBeLessThanOrEqual(limits.batchBytesMax)
  })

  it('[B18] before it holds more clicks and marks than it may', () => {
    for (let i = 0; i < 300; i++) click(i)
    batcher.seal()
    const counts = batches().map(({ clickCount }) => clickCount)
    expect(Math.max(...counts)).toBeLessThanOrEqual(limits.batchClicksAndMarksMax)
    expect(counts.reduce((a, b) => a + b)).toBe(300)
  })

  it('[B15] a computer that slept while a batch was open does not stretch it', () => {
    move(0)
    move(3_600_000)
    batcher.seal()
    expect(batches()).toMatchObject([
      { n: 1, times: [0] },
      { n: 1, times: [0] },
    ])
  })
})

describe('time', () => {
  it('[B15] an event older than the one that began the batch happens at its beginning', () => {
    for (const t of [10, 8, 12, 9]) move(t)
    batcher.seal()
    expect(batches()[0].times).toEqual([0, 0, 2, 2])
  })

  it('[E15] a batch begins when its first event happened, on the browser’s clock', () => {
    vi.advanceTimersByTime(5_000)
    move(4_990)
    vi.advanceTimersByTime(20)
    batcher.seal()
    expect(batches()[0].t0).toBe(epoch + 4_990)
  })

  it('[E15] a clock that stood still during a sleep does not date later events back', () => {
    vi.setSystemTime(epoch + 3 * 86_400_000) // the monotonic clock stays
    move(0)
    batcher.seal()
    expect(batches()[0].t0).toBe(epoch + 3 * 86_400_000)
  })
})

describe('lanes', () => {
  it('[E12] number their batches from 1 and chain the events sealed before', () => {
    for (const count of [3, 1, 2]) {
      for (let i = 0; i < count; i++) move(i)
      batcher.seal()
    }
    expect(batches()).toMatchObject([
      { seq: 1, ev0: 0, n: 3 },
      { seq: 2, ev0: 3, n: 1 },
      { seq: 3, ev0: 4, n: 2 },
    ])
    expect(new Set(batches().map(({ lane }) => lane)).size).toBe(1)
  })

  it('[E11] a new session begins a new lane, with totals of its own', () => {
    move(0)
    batcher.thinned()
    batcher.seal()
    renew = true
    move(1)
    batcher.seal()
    const [before, after] = batches()
    expect(after).toMatchObject({ seq: 1, ev0: 0, thinned: 0 })
    expect(before.thinned).toBe(1)
    expect(after.lane).not.toBe(before.lane)
    expect(after.session).not.toBe(before.session)
  })

  it('[E11] a session that is renewed while a batch is open does not get into it', () => {
    move(0)
    renew = true
    move(1)
    batcher.seal()
    expect(batches()).toMatchObject([{ n: 2, seq: 1 }])
  })

  it('[E14] losses and thinned samples are running totals of the lane', () => {
    move(0)
    batcher.thinned()
    batcher.thinned()
    batcher.seal()
    const [{ lane }] = [...ring.batches]
    lane.lostRing += 4
    lane.lostRefused += 5
    move(1)
    batcher.thinned()
    batcher.seal()
    expect(batches()).toMatchObject([
      { thinned: 2, lostRing: 0, lostRefused: 0 },
      { thinned: 3, lostRing: 4, lostRefused: 5 },
    ])
  })

  it('[D18] the last batch says that nothing may follow', () => {
    move(0)
    batcher.seal()
    batcher.mark(markKinds.pageHide, '')
    batcher.seal(batchFlags.fin)
    expect(batches().map(({ flags }) => flags)).toEqual([0, batchFlags.fin])
  })

  it('the referrer’s host is told once', () => {
    start('https://search.example/results?q=secret')
    move(0)
    batcher.seal()
    move(1)
    batcher.seal()
    expect(batches().map(({ ref }) => ref)).toEqual(['search.example', ''])
  })

  it('the site itself is no referrer', () => {
    start('https://shop.example/cart')
    move(0)
    batcher.seal()
    expect(batches()[0].ref).toBe('')
  })
})
