import { layoutOf } from '@sightline/aggregates/layout'
import { gridIndex } from '@sightline/aggregates/grids'
import { randomTraffic, type PlainRecord } from '@sightline/aggregates/random-traffic.fixture'
import { markKinds } from '@sightline/protocol/mark-kinds'
import { limits } from '@sightline/protocol/limits'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { z } from 'zod'
import type { RunningLive } from '../main.ts'
import { TestClock, TestInstallation } from '../test-installation.fixture.ts'
import * as answers from './answers.ts'

/** A quarter past an hour, so that minutes before and after the hour are in it. */
const nowMs = Date.UTC(2027, 5, 14, 10, 15)
const hourMs = 3_600_000
const records = randomTraffic({
  seed: 5,
  records: 500,
  visitors: 60,
  startMs: nowMs - 1_500_000,
  pauseMsMax: 5_900,
})
const layoutNames = ['phone', 'tablet', 'desktop', 'wide']
let installation: TestInstallation
let live: RunningLive
let counted: PlainRecord[]

beforeAll(async () => {
  installation = await TestInstallation.open()
  const clock = new TestClock(nowMs)
  live = await installation.startLive({ clock })
  await installation.fold(records, 20)
  await installation.checkpoint()
  // Of copies the first is counted.
  const seen = new Set<string>()
  counted = records.filter(({ site, session, lane, seq }) => {
    const copy = `${site} ${session} ${lane} ${seq}`
    return !seen.has(copy) && seen.add(copy)
  })
  await new Promise((resolve) => setTimeout(resolve, 700))
})

afterAll(() => installation.destroy())

async function get<S extends z.ZodType>(schema: S, path: string): Promise<z.output<S>> {
  const response = await fetch(`${live.url}/api/v1/${path}`)
  const body: unknown = await response.json()
  expect(response.status, JSON.stringify(body)).toBe(200)
  return schema.parse(body)
}

const sum = (of: readonly PlainRecord[], value: (record: PlainRecord) => number) =>
  of.reduce((total, record) => total + value(record), 0)
const isView = ({ kind }: { kind: number }) =>
  kind === markKinds.start || kind === markKinds.navigation || kind === markKinds.restored
const countsOf = (of: readonly PlainRecord[]) => ({
  events: sum(of, ({ n }) => n),
  moves: sum(of, ({ moves }) => moves.length),
  clicks: sum(of, ({ clicks }) => clicks.length),
  scrolls: sum(of, ({ scrolls }) => scrolls.length),
  marks: sum(of, ({ marks }) => marks.length),
  other: sum(of, ({ unknown }) => unknown),
  views: sum(of, ({ marks }) => marks.filter(isView).length),
})
/** The whole of what there is, and a little more. */
const range = `from=${nowMs - hourMs}&to=${nowMs}`
const ofSite = (site: number) => counted.filter((record) => record.site === site)

test('[LV18] totals of a site, a page, a layout', async () => {
  const site = await get(answers.totalsAnswer, `sites/1/totals?${range}`)
  expect(site).toMatchObject(countsOf(ofSite(1)))
  expect(site.sessions).toBe(new Set(ofSite(1).map(({ session }) => session)).size)
  const page = await get(
    answers.totalsAnswer,
    `sites/1/totals?${range}&page=${encodeURIComponent('/über-uns')}`,
  )
  expect(page).toMatchObject(countsOf(ofSite(1).filter((record) => record.page === '/über-uns')))
  for (const layout of layoutNames) {
    const answer = await get(answers.totalsAnswer, `sites/1/totals?${range}&layout=${layout}&page=/cart`)
    const expected = ofSite(1).filter(
      ({ vw, page: on }) => layoutNames[layoutOf(vw)] === layout && on === '/cart',
    )
    expect(answer, layout).toMatchObject({ ...countsOf(expected), sessions: null })
  }
  expect(await get(answers.totalsAnswer, `sites/2/totals?${range}`)).toMatchObject(countsOf(ofSite(2)))
})

test('[LV19] a range of minutes snaps outward, and the answer says to what', async () => {
  const from = nowMs - 600_000
  const answer = await get(answers.totalsAnswer, `sites/1/totals?from=${from + 1}&to=${from + 119_999}`)
  expect([answer.fromMs, answer.toMs]).toEqual([from, from + 120_000])
  expect([answer.sessionsFromMs, answer.sessionsToMs]).toEqual([
    Date.UTC(2027, 5, 14, 10),
    Date.UTC(2027, 5, 14, 11),
  ])
  const series = await get(
    answers.seriesAnswer,
    `sites/1/series?from=${from}&to=${from + 120_000}&resolution=minute`,
  )
  expect(series.points.map(({ startMs }) => startMs)).toEqual([from, from + 60_000])
  expect(series.points.reduce((total, { events }) => total + events, 0)).toBe(answer.events)
})

test('[LV18] a series by minute, hour and day sums to the totals', async () => {
  for (const resolution of ['minute', 'hour', 'day']) {
    const { points } = await get(
      answers.seriesAnswer,
      `sites/1/series?from=${nowMs - 2 * hourMs + 60_000}&to=${nowMs}&resolution=${resolution}`,
    )
    expect(
      points.reduce((total, { events }) => total + events, 0),
      resolution,
    ).toBe(countsOf(ofSite(1)).events)
  }
})

test('[LV19] without a resolution: the finest that is still kept where the range begins', async () => {
  const of = async (hours: number) =>
    (await get(answers.seriesAnswer, `sites/1/series?from=${nowMs - hours * hourMs}`)).resolution
  expect(await of(1)).toBe('minute')
  expect(await of(24)).toBe('hour')
  expect(await of(24 * 30)).toBe('day')
  const minutes = await get(answers.seriesAnswer, `sites/1/series?resolution=minute`)
  // Of a day of minutes only two hours are kept: no zeros are made up for the rest.
  expect(minutes.fromMs).toBe(nowMs - 2 * hourMs)
})

test('[LV19] nothing is looked for before what is kept, or after today', async () => {
  const dayMs = 24 * hourMs
  const today = Date.UTC(2027, 5, 14)
  const all = await get(answers.totalsAnswer, `sites/1/totals?from=0&to=32503680000000`)
  expect([all.fromMs, all.toMs]).toEqual([today - 90 * dayMs, today + dayMs])
  expect(all).toMatchObject(countsOf(ofSite(1)))
  const before = await get(answers.totalsAnswer, `sites/1/totals?from=0&to=1000`)
  expect(before).toMatchObject({
    events: 0,
    sessions: 0,
    fromMs: today - 90 * dayMs,
    toMs: today - 90 * dayMs,
  })
  const after = await get(
    answers.seriesAnswer,
    `sites/1/series?from=32503680000000&to=32503680000000&resolution=minute`,
  )
  expect(after.points).toEqual([])
})

test('[LV18] elements, by clicks', async () => {
  const clicks = new Map<string, number>()
  for (const { target } of ofSite(1).flatMap((record) => record.clicks))
    clicks.set(target, (clicks.get(target) ?? 0) + 1)
  const { elements } = await get(answers.elementsAnswer, `sites/1/elements?${range}`)
  expect(new Map(elements.map(({ target, clicks: count }) => [target, count]))).toEqual(clicks)
  expect(elements.map(({ clicks: count }) => count)).toEqual([...clicks.values()].sort((a, b) => b - a))
  const { elements: two } = await get(answers.elementsAnswer, `sites/1/elements?${range}&limit=2`)
  expect(two).toEqual(elements.slice(0, 2))
  const onCart = await get(answers.elementsAnswer, `sites/1/elements?${range}&page=/cart&layout=tablet`)
  const expected = ofSite(1).filter(({ page, vw }) => page === '/cart' && layoutOf(vw) === 1)
  expect(onCart.elements.reduce((total, { clicks: count }) => total + count, 0)).toBe(
    sum(expected, (one) => one.clicks.length),
  )
})

test('[LV18] pages and the edges between them', async () => {
  const { pages } = await get(answers.pagesAnswer, `sites/1/pages?${range}`)
  for (const { page, views, events } of pages) {
    const of = countsOf(ofSite(1).filter((record) => record.page === page))
    expect({ views, events }, page).toEqual({ views: of.views, events: of.events })
  }
  expect(pages.length).toBe(new Set(ofSite(1).map(({ page }) => page)).size)
  const { edges } = await get(answers.edgesAnswer, `sites/1/edges?${range}`)
  const steps = new Map<string, number>()
  for (const { page, marks } of ofSite(1)) {
    for (const { value } of marks.filter(isView))
      steps.set(`${value || null}>${page}`, (steps.get(`${value || null}>${page}`) ?? 0) + 1)
  }
  expect(new Map(edges.map(({ from, to, count }) => [`${from}>${to}`, count]))).toEqual(steps)
})

test('[LV18] a grid has every move and click in its cell', async () => {
  for (const kind of ['moves', 'clicks'] as const) {
    const { outlines, columns, rowPx } = await get(
      answers.gridAnswer,
      `sites/1/grid?${range}&page=/products&layout=desktop&kind=${kind}`,
    )
    expect([columns, rowPx]).toEqual([limits.gridColumns, limits.gridRowPx])
    const expected = new Map<number, number>()
    for (const record of ofSite(1).filter(({ page, vw }) => page === '/products' && layoutOf(vw) === 2)) {
      for (const { x, y } of record[kind]) {
        const cell = gridIndex(x, y, record.vw)
        expected.set(cell, (expected.get(cell) ?? 0) + 1)
      }
    }
    const found = new Map<number, number>()
    for (const { index, count } of outlines)
      index.forEach((cell, i) => found.set(cell, (found.get(cell) ?? 0) + count[i]))
    expect(found, kind).toEqual(expected)
  }
})

test('[LV18] the ledger balances, and who is here is listed', async () => {
  const ledger = await get(answers.ledgerAnswer, 'sites/1/ledger')
  expect(ledger).toMatchObject({
    counted: countsOf(ofSite(1)).events,
    received: sum(
      records.filter(({ site }) => site === 1),
      ({ n }) => n,
    ),
    balanced: true,
  })
  const { active, sessions } = await get(answers.sessionsAnswer, 'sites/1/sessions')
  expect(active).toBe(sessions.length)
  expect(sessions.length).toBeGreaterThan(0)
})

test('[LV18] sites, configuration, stages, outlines', async () => {
  expect((await get(answers.sitesAnswer, 'sites')).map(({ id }) => id)).toEqual([1, 2])
  expect(await get(answers.configAnswer, 'config')).toMatchObject({ gatewayUrl: 'http://127.0.0.1:7071' })
  expect((await get(answers.stagesAnswer, 'stages')).map(({ stage }) => stage)).toContain('live')
  expect(await get(answers.outlineAnswer, 'sites/1/outline?page=/')).toEqual({ outline: null })
})

test('[LV21] what is wrong with a question is said in words', async () => {
  const wrong = async (path: string) => {
    const response = await fetch(`${live.url}/api/v1/${path}`)
    return { status: response.status, ...((await response.json()) as { error: string; message: string }) }
  }
  expect(await wrong('sites/9/totals')).toEqual({
    status: 404,
    error: 'not-found',
    message: 'there is no site 9',
  })
  expect(await wrong('sites/0/totals')).toMatchObject({ status: 400, error: 'bad-request' })
  expect(await wrong('sites/shop/totals')).toMatchObject({ status: 400 })
  expect((await wrong(`sites/1/totals?from=2&to=1`)).message).toBe('from (2) must not be after to (1)')
  expect((await wrong('sites/1/totals?from=yesterday')).message).toMatch(/^from: /)
  expect((await wrong('sites/1/totals?form=1')).message).toMatch(/form/)
  expect((await wrong('sites/1/totals?layout=huge')).message).toMatch(/^layout: /)
  expect((await wrong('sites/1/elements?limit=0')).message).toMatch(/^limit: /)
  expect((await wrong('sites/1/series?resolution=week')).message).toMatch(/^resolution: /)
  expect((await wrong('sites/1/grid')).message).toMatch(/^page: /)
  for (const path of ['totals?page=', 'totals?from=1&from=2', 'grid?page=/&kind=rage', 'pages?page=/']) {
    expect(await wrong(`sites/1/${path}`), path).toMatchObject({ status: 400, error: 'bad-request' })
  }
})
