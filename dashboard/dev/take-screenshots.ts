import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { startChromium } from './chromium.ts'
import { startSimulatedServer } from './simulated-live-server.ts'

/** Pictures of the built Live page in both themes, wide and narrow: dashboard/dist must be built. */
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: path.join(os.tmpdir(), 'sightline-screenshots') },
    query: { type: 'string', default: '' },
    wait: { type: 'string', default: '9000' },
    only: { type: 'string', default: '' },
    empty: { type: 'boolean', default: false },
    ratio: { type: 'string', default: '1' },
    clip: { type: 'string', default: '' },
  },
})
const [x, y, clipWidth, clipHeight] = values.clip.split(',').map(Number)
const clip = values.clip === '' ? {} : { clip: { x, y, width: clipWidth, height: clipHeight } }
const server = await startSimulatedServer({
  port: 0,
  seed: 7,
  visitors: 240,
  samplesPerSecond: 38,
  frameMs: 50,
  sampledOneIn: 1,
  empty: values.empty,
  files: new URL('../dist', import.meta.url).pathname,
})
const browser = await startChromium()
for (const colorScheme of ['dark', 'light'] as const) {
  for (const [name, width, height] of [
    ['wide', 1440, 1315],
    ['narrow', 390, 844],
  ] as const) {
    const file = `live-${colorScheme}-${name}`
    if (!file.includes(values.only)) continue
    const page = await browser.newPage({
      colorScheme,
      viewport: { width, height },
      deviceScaleFactor: Number(values.ratio),
    })
    page.on('console', (message) => console.log(`[${message.type()}] ${message.text()}`))
    page.on('pageerror', (error) => console.log(`[error] ${error.message}`))
    await page.goto(server.url + values.query)
    await page.waitForTimeout(Number(values.wait))
    await page.screenshot({ path: `${values.out}/${file}.png`, fullPage: name === 'narrow', ...clip })
    await page.close()
  }
}
await browser.close()
await server.close()
