// A real browser with a real mouse in the demo shop. A recorder of the test's own counts everything itself; the API and
// the dashboard must show exactly that.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { startDemoServer, type DemoServer } from '@sightline/demo/server/demo-server'
import { kafkaBrokers, redisUrl } from '../../toolchain/test-servers.mjs'
import { Installation, type EngineChoice } from '../installation/installation.ts'
import { startChromium } from './chromium.ts'
import { PointViewer } from './point-viewer.ts'
import { productButtons, shopButtons, visitShop } from './shop-visit.ts'
import { askApi, readDashboard, shownName } from './shown-visit.ts'
import { differences, expectedOf, firstStray } from './visit-comparison.ts'
import { readRecords, type RecordedDocument, recorderScript } from './visit-recorder.ts'

const site = 1
const viewport = { width: 1_440, height: 900 }
/** Where a point may lie beside the mouse: both are rounded. */
const tolerancePx = 1

const engines: [name: string, choose: () => EngineChoice][] = [
  ['embedded', () => ({ kind: 'embedded' })],
  ['Kafka and Redis', () => ({ kind: 'kafka', brokers: kafkaBrokers(), redisUrl: redisUrl() })],
]

/** The same numbers in each run, from a seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe.each(engines)('a visit on %s', (_, choose) => {
  let installation: Installation
  let shop: DemoServer
  let browser: Browser
  let viewer: PointViewer
  let documents: RecordedDocument[]

  beforeAll(async () => {
    installation = await Installation.start(choose())
    const { writeKey } = await installation.site(site)
    const snippet = { scriptUrl: `${installation.gatewayUrls[0]}/tracker.js`, writeKey }
    shop = await startDemoServer({ host: '127.0.0.1', port: 0, snippet })
    browser = await startChromium()
    viewer = await PointViewer.open(installation.liveUrls[0], site)

    const page = await browser.newPage({ viewport })
    await page.addInitScript({ content: recorderScript() })
    await visitShop(page, shop.url, randomFrom(20_261_124))
    // Leaves for a document of the same origin that has no tracker, where the records can be read.
    await page.goto(`${shop.url}/favicon.svg`)
    documents = await page.evaluate(...readRecords)
    await page.close()
    const { clicks, scrolls, marks } = expectedOf(documents)
    await installation.settledLedger(clicks + scrolls + marks + 1, { quietMs: 4_000 })
  })

  afterAll(async () => {
    viewer?.close()
    await browser?.close()
    await shop?.close()
    await installation?.stop()
  })

  test('the recorder saw the visit that was meant', () => {
    const { samples, views, scrolls, clicksByTarget } = expectedOf(documents)
    const events = documents.reduce((sum, { moveEvents }) => sum + moveEvents, 0)
    expect(samples).toBeGreaterThanOrEqual(2_000)
    expect(events, 'the browser joined some samples').toBeLessThan(samples)
    expect(scrolls).toBeGreaterThanOrEqual(20)
    expect(views).toBe(13)
    expect(documents).toHaveLength(3)
    expect(documents.reduce((sum, { early }) => sum + early, 0)).toBeLessThan(10)
    for (const target of [...productButtons.keys(), ...shopButtons.keys()])
      expect(clicksByTarget.get(target), target).toBe(5)
  })

  test('the API shows exactly what the recorder counted, and the ledger balances', async () => {
    const shown = await askApi(installation, site)
    expect(differences(expectedOf(documents), shown)).toEqual([])
    expect(shown.totals.thinned).toBeGreaterThan(0)
    const { totals, ledger } = shown
    process.stdout.write(
      `  ${JSON.stringify({ recordedSamples: expectedOf(documents).samples, totals, ledger })}\n`,
    )
  })

  test('points lie where the mouse was', async () => {
    const { totals } = await askApi(installation, site)
    expect(viewer.leftOut).toBe(0)
    expect(viewer.moves.length).toBe(totals.moves)
    expect(viewer.clicks.length).toBe(totals.clicks)
    const samples = documents.flatMap((document) => document.samples)
    const clicks = documents.flatMap((document) => document.clicks.map(({ x, y }) => [x, y] as const))
    expect(firstStray(viewer.moves, samples, tolerancePx)).toBe(-1)
    expect(firstStray(viewer.clicks, clicks, tolerancePx)).toBe(-1)
    // Negative control: on a page that is shifted by two pixels they would not.
    expect(
      firstStray(
        viewer.moves,
        samples.map(([x, y]) => [x + 2, y]),
        tolerancePx,
      ),
    ).not.toBe(-1)
  })

  test('the dashboard shows the same counts', async () => {
    const { totals } = await askApi(installation, site)
    const { clicksByTarget } = expectedOf(documents)
    const page = await browser.newPage({ viewport })
    const shown = await readDashboard(page, installation.liveUrls[0], site)
    expect(shown.eventsInAll).toBe(`${totals.events.toLocaleString('en-US')} in all`)
    expect(shown.lostNote).toBe(`none of ${totals.events.toLocaleString('en-US')}`)
    expect(shown.activeSessions).toBe('1')
    const rows = [...clicksByTarget].map(([target, clicks]) => [shownName(target), String(clicks)])
    expect(shown.clicks.map(String).sort()).toEqual(rows.map(String).sort())
    await page.close()
  })
})
