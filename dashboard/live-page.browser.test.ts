import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from './dev/chromium.ts'
import { type SimulatedServer, startSimulatedServer } from './dev/simulated-live-server.ts'

/** All scripts together; the same budget is measured by the bytes bench. */
const javascriptGzipBytesMax = 120_000
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let files: string
let server: SimulatedServer
let browser: Browser
/** Whatever a page complained about: errors, and what the content security policy stopped. */
let complaints: string[] = []

beforeAll(async () => {
  files = mkdtempSync(join(tmpdir(), 'sightline-dashboard-'))
  // In a process of its own: a test run is not production, and React would be built for development.
  const vite = join(createRequire(import.meta.url).resolve('vite/package.json'), '../bin/vite.js')
  const env = { ...process.env, NODE_ENV: 'production' }
  await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'error', '--outDir', files], {
    cwd: import.meta.dirname,
    env,
  })
  server = await startSimulatedServer({
    port: 0,
    seed: 3,
    visitors: 60,
    samplesPerSecond: 30,
    frameMs: 50,
    sampledOneIn: 1,
    empty: false,
    files,
  })
  browser = await startChromium()
}, 90_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
  rmSync(files, { recursive: true, force: true })
})

async function open(query = '', options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1_440, height: 1_315 }, ...options })
  page.setDefaultTimeout(15_000)
  complaints = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on(
    'request',
    (request) => !request.url().startsWith(server.url) && complaints.push(`third party: ${request.url()}`),
  )
  await page.goto(server.url + query)
  return page
}

/** What is true before long, also on a busy machine. */
const soon = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 15_000 })
const badge = (page: Page, kind: string) => page.locator(`[data-status="${kind}"]`).waitFor()
const viewer = () => [...server.viewers].at(-1) ?? expect.fail('no viewer is connected')
const received = (type: string) => viewer().messages.filter((message) => message.type === type)

/** Pixels that are drawn on the scatter's canvas, which a worker owns: a copy can be read. */
function drawnPixels(page: Page): Promise<number> {
  return page.locator('#movement canvas').evaluate((element) => {
    const canvas = element as HTMLCanvasElement
    const copy = new OffscreenCanvas(canvas.width, canvas.height)
    const context = copy.getContext('2d')
    context?.drawImage(canvas, 0, 0)
    const data = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
    let drawn = 0
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) drawn++
    return drawn
  })
}

async function axe(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const results = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  )
  return results.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map(({ html }) => html)
        .join(' | ')
        .slice(0, 300)}`,
  )
}

test('paints real frames under the strict policy: numbers, points, bars, flow, sessions; and says what it has drawn', async () => {
  const page = await open()
  await badge(page, 'live')
  await soon(() => page.locator('[data-number="Active sessions"]').textContent()).toBe('60')
  await soon(() => drawnPixels(page)).toBeGreaterThan(500)
  await soon(() => page.locator('#top-buttons [data-rank]').count()).toBeGreaterThan(5)
  expect(await page.locator('#navigation svg text').count()).toBeGreaterThan(5)
  expect(await page.locator('#sessions tbody tr').count()).toBeGreaterThan(3)
  await soon(() => page.locator('[data-age="numbers"]').textContent()).toMatch(/\d+ ms old/)
  await soon(() => received('seen').length).toBeGreaterThan(3)
  expect(complaints).toEqual([])
  await page.close()
})

test('pauses with Space, and goes on from the cursor', async () => {
  const page = await open()
  await badge(page, 'live')
  await page.keyboard.press('Space')
  await badge(page, 'paused')
  await soon(() => viewer().paused).toBe(true)
  await page.keyboard.press('Space')
  await badge(page, 'live')
  expect(received('resume')).toEqual([{ type: 'resume', cursor: expect.stringMatching(/^p\d+$/) }])
  await page.close()
})

test('says when frames stop, when the connection is lost, and when something was missed', async () => {
  const page = await open()
  await badge(page, 'live')
  viewer().nextGap = { reason: 'rolled-back', records: 1_234 }
  await page.getByText('Gap of 1,234 records').waitFor()
  viewer().breakChain = true
  await page.getByText('Gap of unknown size').waitFor()
  viewer().silent = true
  await badge(page, 'stale')
  viewer().socket.terminate()
  await badge(page, 'reconnecting')
  await badge(page, 'live')
  expect(received('subscribe')[0]).toMatchObject({ cursor: expect.stringMatching(/^p\d+$/) })
  await page.close()
})

test('without a sign-in the page is loaded anew, for the server to ask for one', async () => {
  const page = await open()
  await badge(page, 'live')
  const loaded = page.waitForEvent('load')
  viewer().socket.close(4001)
  await loaded
  await badge(page, 'live')
  await page.close()
})

test('keeps filters in the address, asks the server for them, and Back brings the view before', async () => {
  const page = await open()
  await badge(page, 'live')
  await page.locator('#movement select').selectOption('/cart')
  await soon(() => page.url()).toContain('page=%2Fcart')
  await soon(() => received('subscribe').at(-1)).toMatchObject({ page: '/cart', cursor: null })
  await page.getByText('fold, 810 px').waitFor()
  await page.getByText('all pages', { exact: true }).first().waitFor()
  await page.goBack()
  await soon(() => received('subscribe').at(-1)).toMatchObject({ page: null })
  await page.close()

  const shared = await open('/?site=2&layout=phone')
  await badge(shared, 'live')
  expect(received('subscribe')[0]).toMatchObject({ site: 2, layout: 'phone' })
  await shared.close()
})

test('has a table behind every drawing, and a theme that stays chosen', async () => {
  const page = await open('', { colorScheme: 'dark' })
  await badge(page, 'live')
  const toTable = page.getByRole('button', { name: 'as a table' })
  while ((await toTable.count()) > 0) await toTable.first().click()
  await soon(() => page.locator('#movement tbody tr').count()).toBeGreaterThan(10)
  for (const id of ['top-buttons', 'events', 'lag', 'active-sessions', 'navigation', 'sessions']) {
    expect(await page.locator(`#${id} tbody tr`).count(), id).toBeGreaterThan(2)
  }
  await page.keyboard.press('t')
  await page.reload()
  expect(await page.locator('html').getAttribute('data-theme')).toBe('light')
  await page.close()
})

test('axe finds nothing, in either theme, wide and narrow, with dialogs open', async () => {
  for (const [colorScheme, width] of [
    ['dark', 1_440],
    ['light', 390],
  ] as const) {
    const page = await open('', { colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' })
    await badge(page, 'live')
    await page.locator('#sessions tbody tr').first().waitFor()
    expect(await axe(page)).toEqual([])
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    expect(await axe(page)).toEqual([])
    await page.close()
  }
})

test('a site without events shows its snippet, and the page when the first one comes', async () => {
  server.options.empty = true
  const page = await open()
  await page.getByText('Listening for the first event').waitFor()
  expect(await page.locator('[data-snippet]').textContent()).toBe(
    '<script async src="http://127.0.0.1:7071/tracker.js" data-key="1-abcdefghijklmnop"></script>',
  )
  expect(await axe(page)).toEqual([])
  server.options.empty = false
  await page.locator('#movement').waitFor()
  expect(complaints).toEqual([])
  await page.close()
})

test('all JavaScript together stays within its budget, gzip', () => {
  const scripts = readdirSync(join(files, 'assets')).filter((name) => name.endsWith('.js'))
  const bytes = scripts.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(files, 'assets', name)), { level: 9 }).length,
    0,
  )
  expect(bytes).toBeLessThan(javascriptGzipBytesMax)
})
