import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { startChromium } from './test-chromium.ts'
import { TestCollector } from './test-collector.ts'

/** A page in a real browser and the collector that serves it, made anew for each test. A page's error fails the test. */
export class TestPage {
  collector!: TestCollector
  browser!: Browser
  context!: BrowserContext
  page!: Page
  errors: string[] = []

  open(path = '/') {
    return this.page.goto(this.collector.url + path, { waitUntil: 'load' })
  }

  marks() {
    const { distinct } = this.collector
    return distinct.flatMap(({ page, marks }) => marks.map(({ kind, value }) => ({ kind, value, page })))
  }

  clicks() {
    return this.collector.distinct.flatMap((batch) => batch.clicks)
  }

  moves() {
    return this.collector.distinct.flatMap((batch) => batch.moves)
  }
}

export function testPageForEach(): TestPage {
  const t = new TestPage()
  beforeAll(async () => {
    t.collector = await TestCollector.start()
    t.browser = await startChromium()
  })
  afterAll(async () => {
    await t.browser?.close()
    await t.collector?.stop()
  })
  beforeEach(async () => {
    t.collector.reset()
    t.context = await t.browser.newContext({ viewport: { width: 800, height: 600 } })
    t.page = await t.context.newPage()
    t.errors = []
    t.page.on('pageerror', (error) => t.errors.push(error.message))
  })
  afterEach(async () => {
    await t.context.close()
    expect(t.errors).toEqual([])
  })
  return t
}

/** Waits until something has arrived. */
export function until(ready: () => boolean): Promise<void> {
  return expect.poll(ready, { timeout: 5_000, interval: 20 }).toBe(true)
}
