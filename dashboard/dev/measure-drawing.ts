import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { CDPSession, Page } from 'playwright-core'
import { startChromium } from './chromium.ts'
import { startSimulatedServer } from './simulated-live-server.ts'

/**
 * What the Live page costs under load: pictures per second, time per picture, the main thread's share, long tasks,
 * heap. dashboard/dist must be built. All parts share this machine, so figures are worse than a browser's alone.
 */
const { values } = parseArgs({
  options: {
    visitors: { type: 'string', default: '1200' },
    samples: { type: 'string', default: '38' },
    frame: { type: 'string', default: '16' },
    warm: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '8' },
  },
})
const server = await startSimulatedServer({
  port: 0,
  seed: 7,
  visitors: Number(values.visitors),
  samplesPerSecond: Number(values.samples),
  frameMs: Number(values.frame),
  sampledOneIn: 1,
  empty: false,
  files: new URL('../dist', import.meta.url).pathname,
})
const browser = await startChromium()
const page = await browser.newPage({ viewport: { width: 1_440, height: 1_315 } })
await page.addInitScript(() => {
  const scope = globalThis as unknown as { longTasks: number[] }
  scope.longTasks = []
  new PerformanceObserver((list) =>
    scope.longTasks.push(...list.getEntries().map((entry) => entry.duration)),
  ).observe({ entryTypes: ['longtask'] })
})
const started = performance.now()
await page.goto(server.url)
await page.locator('[data-status="live"]').waitFor()
const liveMs = performance.now() - started
await page.waitForTimeout(Number(values.warm) * 1_000)

const session = await page.context().newCDPSession(page)
// Ticks of the thread itself: how busy the machine is otherwise does not count.
await session.send('Performance.enable', { timeDomain: 'threadTicks' })
const threads = await rendererThreads(page)
const threadsBefore = threads.cpuMs()
const before = await metrics(session)
await page.evaluate(() => ((globalThis as unknown as { longTasks: number[] }).longTasks.length = 0))
await page.waitForTimeout(Number(values.seconds) * 1_000)
const after = await metrics(session)
const threadsAfter = threads.cpuMs()
const share = (name: string) =>
  `${(((after[name] - before[name]) / Number(values.seconds)) * 100).toFixed(1)} %`
console.log({
  eventsPerSecond: await page.locator('[data-number="Events"]').textContent(),
  points: await page.locator('#movement header').textContent(),
  drawing: await page.getByText(/fps/).first().textContent(),
  cpuOfThreads: Object.fromEntries(
    [...threadsAfter].map(([name, ms]) => [
      name,
      `${(((ms - (threadsBefore.get(name) ?? 0)) / Number(values.seconds) / 1_000) * 100).toFixed(1)} %`,
    ]),
  ),
  mainThreadBusy: share('TaskDuration'),
  scripting: share('ScriptDuration'),
  layout: share('LayoutDuration'),
  style: share('RecalcStyleDuration'),
  longTasksMs: await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks),
  heapMb: (after.JSHeapUsedSize / 1e6).toFixed(1),
  firstContentfulPaintMs: Math.round(
    await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0),
  ),
  liveAfterMs: Math.round(liveMs),
})
await browser.close()
await server.close()

/** CPU time by thread of the page's renderer process, from /proc. */
async function rendererThreads(page: Page): Promise<{ cpuMs(): Map<string, number> }> {
  const browserSession = await browser.newBrowserCDPSession()
  const { processInfo } = await browserSession.send('SystemInfo.getProcessInfo')
  const renderer = processInfo
    .filter(({ type }) => type === 'renderer')
    .toSorted((a, b) => b.cpuTime - a.cpuTime)[0]
  await page.bringToFront()
  const tasks = `/proc/${renderer.id}/task`
  return {
    cpuMs() {
      const sums = new Map<string, number>()
      for (const task of readdirSync(tasks)) {
        const name = readFileSync(`${tasks}/${task}/comm`, 'utf8').trim()
        // Fields 14 and 15 of stat, in hundredths of a second; the name before them can hold spaces.
        const fields = readFileSync(`${tasks}/${task}/stat`, 'utf8').split(') ')[1].split(' ')
        sums.set(name, (sums.get(name) ?? 0) + (Number(fields[11]) + Number(fields[12])) * 10)
      }
      return new Map([...sums].filter(([, ms]) => ms > 100))
    },
  }
}

async function metrics(session: CDPSession): Promise<Record<string, number>> {
  const { metrics } = await session.send('Performance.getMetrics')
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
}
