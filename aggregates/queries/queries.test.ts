import { limits } from '@sightline/protocol/limits'
import { describe, expect, test } from 'vitest'
import { gridIndex } from '../grids.ts'
import { layoutOf } from '../layout.ts'
import { OnePartition } from '../one-partition.fixture.ts'
import { randomTraffic, trafficStartMs, type PlainRecord } from '../random-traffic.fixture.ts'
import { days, gridHours, hours, minutes } from '../time-buckets.ts'
import { elementRanking, topButtons } from './element-ranking.ts'
import { pageGrid } from './page-grid.ts'
import { pageRanking } from './page-ranking.ts'
import { pageFlows, topEdges } from './page-steps.ts'
import type { Selection } from './selection.ts'
import { siteLedger, sitesWithData } from './site-ledger.ts'
import { coverRange } from './time-cover.ts'
import { distinctSessions, referrerTotals, seriesTotal, timeSeries } from './time-series.ts'

// Twelve partitions, each session in one of them; everything within the hours that the cover names.
const records = randomTraffic({ seed: 77, records: 700, visitors: 40, pauseMsMax: 6_000 })
const partitions = Array.from({ length: limits.logPartitions }, () => new OnePartition())
const counted: PlainRecord[] = []
for (const record of records) {
  if (partitions[record.session % partitions.length].fold(record) === 'new') counted.push(record)
}
for (const partition of partitions) partition.commit()
const states = partitions.map(({ state }) => state)
const endMs = records[records.length - 1].recordMs
const cover = coverRange([minutes, hours, days], trafficStartMs - 3_600_000, endMs + 60_000, endMs)
const site1: Selection = { site: 1, page: null, layout: null }
const ofSite1 = counted.filter(({ site }) => site === 1)
const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0)

function countsBy(list: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of list) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

describe('queries over all partitions equal the records counted', () => {
  test('the cover is made of all three resolutions', () => {
    expect(new Set(cover.parts.map(({ resolution }) => resolution)).size).toBeGreaterThanOrEqual(2)
  })

  test('[S1] series of the site, a page, a layout', () => {
    const total = seriesTotal(states, site1, cover)
    expect(total).toMatchObject({
      moves: sum(ofSite1.map(({ moves }) => moves.length)),
      clicks: sum(ofSite1.map(({ clicks }) => clicks.length)),
      batches: ofSite1.length,
    })
    const perMinute = timeSeries(states, site1, 'minute', cover.fromMs, cover.toMs)
    expect(sum(perMinute.map(({ moves }) => moves))).toBe(total.moves)
    const cart = seriesTotal(states, { site: 1, page: '/cart', layout: 1 }, cover)
    const expected = ofSite1.filter(({ page, vw }) => page === '/cart' && layoutOf(vw) === 1)
    expect(cart.moves).toBe(sum(expected.map(({ moves }) => moves.length)))
    const phones = seriesTotal(states, { ...site1, layout: 0 }, cover)
    expect(phones.batches).toBe(ofSite1.filter(({ vw }) => layoutOf(vw) === 0).length)
  })

  test('[S4] referrers, the rest together', () => {
    const all = referrerTotals(states, 1, cover, 10)
    const withReferrer = ofSite1.filter(({ referrer }) => referrer !== '')
    expect(new Map(all.map(({ host, total }) => [host, total.batches]))).toEqual(
      countsBy(withReferrer.map(({ referrer }) => referrer)),
    )
    const one = referrerTotals(states, 1, cover, 1)
    expect(one.map(({ host }) => host)).toContain('*other*')
    expect(sum(one.map(({ total }) => total.batches))).toBe(withReferrer.length)
  })

  test('[U1] distinct sessions of the site and of a page', () => {
    const wholeHours = coverRange([hours, days], trafficStartMs - 3_600_000, endMs + 60_000, endMs)
    const sessions = new Set(ofSite1.map(({ session }) => session))
    expect(distinctSessions(states, site1, wholeHours)).toEqual({ sessions: sessions.size, exact: true })
    const onCart = new Set(ofSite1.filter(({ page }) => page === '/cart').map(({ session }) => session))
    expect(distinctSessions(states, { ...site1, page: '/cart' }, wholeHours).sessions).toBe(onCart.size)
  })

  test('[AE1] elements of the site, of a page and of a layout', () => {
    const clicksOf = (list: readonly PlainRecord[]) =>
      countsBy(list.flatMap(({ clicks }) => clicks.map(({ target }) => target)))
    const asMap = (selection: Selection) =>
      new Map(elementRanking(states, selection, cover, 100).map(({ target, clicks }) => [target, clicks]))
    expect(asMap(site1)).toEqual(clicksOf(ofSite1))
    expect(asMap({ ...site1, page: '/' })).toEqual(clicksOf(ofSite1.filter(({ page }) => page === '/')))
    expect(asMap({ ...site1, layout: 3 })).toEqual(clicksOf(ofSite1.filter(({ vw }) => vw >= 1_920)))
    const buttons = topButtons(states, site1, cover, 3)
    expect(buttons).toHaveLength(3)
    expect(buttons.every(({ target }) => target !== '')).toBe(true)
    expect(buttons[0].clicks).toBeGreaterThanOrEqual(buttons[2].clicks)
  })

  test('[X1] [X2] edges: views are entries and steps in, exits are views less steps out', () => {
    const marks = ofSite1.flatMap(({ page, marks }) =>
      marks.filter(({ kind }) => [3, 6, 7].includes(kind)).map(({ value }) => ({ from: value, to: page })),
    )
    const top = topEdges(states, site1, cover, 1_000)
    expect(new Map(top.map(({ from, to, count }) => [`${from ?? ''} → ${to}`, count]))).toEqual(
      countsBy(marks.map(({ from, to }) => `${from} → ${to}`)),
    )
    const flows = pageFlows(states, site1, cover, 100)
    for (const { page, views, entries, exits } of flows) {
      const into = sum(top.filter(({ from, to }) => from !== null && to === page).map(({ count }) => count))
      const out = sum(top.filter(({ from }) => from === page).map(({ count }) => count))
      expect(views).toBe(entries + into)
      expect(exits).toBe(Math.max(0, views - out))
    }
    for (const { from, to } of topEdges(states, { ...site1, page: '/cart' }, cover, 50))
      expect([from, to]).toContain('/cart')
  })

  test('pages with views, events and the median of their heights', () => {
    const pages = pageRanking(states, site1, cover, 100)
    for (const { page, events, heightPx } of pages) {
      const here = ofSite1.filter((record) => record.page === page)
      expect(events).toBe(sum(here.map(({ n }) => n)))
      const heights = here.map(({ dh }) => dh).sort((a, b) => a - b)
      const median = heights[Math.ceil(heights.length / 2) - 1]
      expect(Math.abs(heightPx - median)).toBeLessThanOrEqual(median * 0.05 + 1)
    }
    expect(sum(pages.map(({ events }) => events))).toBe(sum(ofSite1.map(({ n }) => n)))
  })

  test('[G1] the grid of a page', () => {
    const gridCover = coverRange(
      [minutes, gridHours, days],
      trafficStartMs - 3_600_000,
      endMs + 60_000,
      endMs,
    )
    const grid = pageGrid(states, { site: 1, page: '/', layout: 2, kind: 'm' }, gridCover)
    const expected = ofSite1
      .filter(({ page, vw }) => page === '/' && layoutOf(vw) === 2)
      .flatMap(({ moves, vw }) => moves.map(({ x, y }) => String(gridIndex(x, y, vw))))
    const counts = new Map<string, number>()
    for (const { index, count } of grid.outlines) {
      index.forEach((each, i) => counts.set(String(each), (counts.get(String(each)) ?? 0) + count[i]))
    }
    expect(counts).toEqual(countsBy(expected))
  })

  test('[A1] the ledger of the site over partitions', () => {
    expect(siteLedger(states, 1)).toMatchObject({ counted: sum(ofSite1.map(({ n }) => n)), balanced: true })
    expect(sitesWithData(states)).toEqual([1, 2])
  })
})
