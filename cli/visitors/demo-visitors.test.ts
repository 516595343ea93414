import { siteMapWidth, sitePages } from '@sightline/demo/site-map'
import { BatchDecoder } from '@sightline/protocol/batch-decoder'
import { limits } from '@sightline/protocol/limits'
import { batchFlags, markKinds } from '@sightline/protocol/mark-kinds'
import { expect, test } from 'vitest'
import { TestPath } from '../test-path.fixture.ts'
import { DemoVisitor } from './demo-visitor.ts'
import { startDemoVisitors } from './demo-visitors.ts'
import { pointerAt, reachMs } from './pointer-path.ts'

/** Numbers from 0 to below 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

interface Batch {
  n: number
  seq: number
  ev0: number
  flags: number
  page: string
  vw: number
  spanMs: number
  clicks: { target: string; x: number; y: number }[]
  marks: { kind: number; value: string }[]
}

const text = new TextDecoder()

/** What is sent, decoded; a batch that isn't admitted fails the test. */
class RecordedSocket {
  readonly batches: Batch[] = []
  events = 0
  private readonly decoder = new BatchDecoder()

  send(bytes: Uint8Array, events: number): void {
    const { decoder } = this
    expect(decoder.read(bytes)).toBeNull()
    expect(decoder.n).toBe(events)
    this.events += events
    const part = (start: number, end: number) => text.decode(bytes.subarray(start, end))
    const clicks = Array.from({ length: decoder.clickCount }, (_, i) => ({
      target: part(decoder.clickTargetStart[i], decoder.clickTargetEnd[i]),
      x: decoder.clickX[i],
      y: decoder.clickY[i],
    }))
    const marks = Array.from({ length: decoder.markCount }, (_, i) => ({
      kind: decoder.markKind[i],
      value: part(decoder.markValueStart[i], decoder.markValueEnd[i]),
    }))
    const { n, seq, ev0, flags, vw, moveCount, moveDt } = decoder
    const page = part(decoder.pageStart, decoder.pageEnd)
    this.batches.push({
      n,
      seq,
      ev0,
      flags,
      page,
      vw,
      spanMs: moveCount > 0 ? moveDt[moveCount - 1] : 0,
      clicks,
      marks,
    })
  }
}

/** A visitor that lives until it leaves, and all that it sent. */
function liveThrough(seed: number, stepMs = 25, flushMs = 1_000): Batch[] {
  const socket = new RecordedSocket()
  let nowMs = 1_800_000_000_000
  const visitor = new DemoVisitor(sitePages, 2, socket as never, seeded(seed), nowMs)
  for (let i = 0; i < 40_000 && !visitor.gone; i++) visitor.advance((nowMs += stepMs), flushMs)
  expect(visitor.gone).toBe(true)
  return socket.batches
}

test('[CL16] every batch is admitted, continues its lane, and the last one ends it', () => {
  for (let seed = 1; seed <= 25; seed++) {
    const batches = liveThrough(seed)
    let events = 0
    for (const [i, { seq, ev0, n, flags }] of batches.entries()) {
      expect([seq, ev0]).toEqual([i + 1, events])
      expect(flags & batchFlags.fin).toBe(i === batches.length - 1 ? batchFlags.fin : 0)
      events += n
    }
    expect(batches[0].marks[0]).toEqual({ kind: markKinds.start, value: '' })
    expect(batches[batches.length - 1].marks.at(-1)?.kind).toBe(markKinds.pageHide)
  }
})

test('[CL16] pages follow each other as the marks say, and clicks are where the shop has that element', () => {
  let clicks = 0
  for (let seed = 30; seed < 45; seed++) {
    let page = ''
    for (const batch of liveThrough(seed)) {
      for (const { kind, value } of batch.marks) {
        if (kind === markKinds.navigation) expect(value).toBe(page)
      }
      page = batch.page
      const known = sitePages.find(({ path }) => path === page)
      expect(known, page).toBeDefined()
      for (const { target, x, y } of batch.clicks) {
        clicks++
        const near = known?.elements.filter(({ label }) => label === target) ?? []
        const distance = Math.min(
          ...near.map((one) => Math.hypot((one.x * batch.vw) / siteMapWidth - x, one.y - y)),
        )
        expect(distance, `${target} on ${page}`).toBeLessThan(25)
      }
    }
  }
  expect(clicks).toBeGreaterThan(30)
})

test('[CL17] a visitor that could not act for ten minutes lived through all of them at once, beyond the limits', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const socket = new RecordedSocket()
    let nowMs = 1_800_000_000_000
    const visitor = new DemoVisitor(sitePages, 2, socket as never, seeded(seed), nowMs)
    for (let i = 0; i < 40; i++) visitor.advance((nowMs += 25), 60_000)
    visitor.advance((nowMs += 600_000), 60_000)
    visitor.advance((nowMs += 25), 0)
    for (const { n, spanMs } of socket.batches) {
      expect(n).toBeLessThanOrEqual(limits.batchEventsMax)
      expect(spanMs).toBeLessThan(10_000)
    }
    // A second before, five seconds after, a sample every 16 ms, and some clicks and scrolls.
    expect(socket.events).toBeLessThan(6_000 / 16 + 100)
  }
})

test('[CL17] told to flush rarely, it seals when the batch is full', () => {
  const batches = liveThrough(3, 25, 3_600_000)
  for (const { n, clicks, marks } of batches) {
    expect(n).toBeLessThanOrEqual(limits.batchEventsMax)
    expect(clicks.length + marks.length).toBeLessThanOrEqual(limits.batchClicksAndMarksMax)
  }
})

test('[CL16] a hand starts and ends where it should, fastest in between, never back', () => {
  const from = { x: 100, y: 500 }
  const to = { x: 900, y: 200 }
  expect(pointerAt(from, to, 0, 0.3)).toEqual(from)
  const end = pointerAt(from, to, 1, 0.3)
  expect(end.x).toBeCloseTo(to.x)
  expect(end.y).toBeCloseTo(to.y)
  expect(pointerAt(from, to, 5, 0)).toEqual(to)
  const speeds = Array.from({ length: 100 }, (_, i) => {
    const a = pointerAt(from, to, i / 100, 0)
    const b = pointerAt(from, to, (i + 1) / 100, 0)
    expect(b.x).toBeGreaterThanOrEqual(a.x)
    return Math.hypot(b.x - a.x, b.y - a.y)
  })
  expect(Math.max(...speeds)).toBe(Math.max(...speeds.slice(45, 55)))
  expect(speeds[0]).toBeLessThan(0.01 * Math.max(...speeds))
  expect(reachMs(from, from)).toBe(180)
  expect(reachMs(from, to)).toBeGreaterThan(reachMs(from, { x: 200, y: 500 }))
})

test('[CL16] through a real gateway: everything that was sealed is counted, and every lane is ended', async () => {
  const path = await TestPath.start()
  try {
    const visitors = startDemoVisitors({
      gatewayUrl: path.gateway.url,
      site: path.site,
      origin: 'http://shop.example',
      count: 8,
    })
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(path.gateway.connections).toBeGreaterThanOrEqual(8)
    expect(visitors.toggle()).toBe(false)
    expect(visitors.toggle()).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await visitors.stop()
    const { settledRecords, events } = path.gateway.counters
    expect(settledRecords).toBeGreaterThan(16)
    const ledger = await path.ledger(events)
    expect(ledger).toMatchObject({
      counted: events,
      received: events,
      sealed: events,
      missing: 0,
      deadLettered: 0,
      balanced: true,
    })
    expect(ledger.lanes).toBe(ledger.lanesFinished)
    expect(ledger.lanes).toBeGreaterThanOrEqual(8)
  } finally {
    await path.stop()
  }
})
