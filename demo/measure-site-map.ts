/**
 * Measures the built shop in headless Chromium and writes site-map.json.
 *
 *   pnpm --filter @sightline/demo build && pnpm --filter @sightline/demo measure
 *
 * With `--check` nothing is written; the exit code is 1 if what is written differs from what is measured:
 * in names at all, in places by more than a few px (fonts differ a little between machines).
 * The browser is /usr/bin/chromium, or the one that CHROMIUM_PATH names.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { blockRules, measurePage } from './page-measurement.ts'
import { startDemoServer } from './server/demo-server.ts'
import type { SitePage } from './site-map.ts'
import { products } from './web/products/products.ts'

const viewport = { width: 1440, height: 900 }
/** Places may differ by this much between machines, px. */
const tolerancePx = 24
const siteMapFile = join(import.meta.dirname, 'site-map.json')
const namingFile = join(import.meta.dirname, '../tracker/capture/target-name.ts')
const browserFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The tracker's naming as a script, so that the map can't name an element otherwise than the tracker does. */
async function namingScript(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: namingFile, formats: ['iife'], name: 'targetNaming' },
    },
  })
  const output = Array.isArray(built) ? built[0] : built
  if (output === undefined || !('output' in output)) throw new Error('the naming script was not built')
  // A lib's `var targetNaming` is the page's only if the script runs at its top level.
  return `${output.output[0].code}\nwindow.targetNaming = targetNaming`
}

async function measure(page: Page): Promise<SitePage> {
  const { covered, ...measured } = await page.evaluate(measurePage, blockRules)
  const path = new URL(page.url()).pathname
  if (covered.length > 0) console.warn(`${path}: left out, as their centre is covered: ${covered.join(', ')}`)
  return { path, ...measured }
}

/** Walks through the shop as a customer who buys a mug and a bowl. */
async function measureShop(page: Page, url: string): Promise<SitePage[]> {
  const pages: SitePage[] = []
  const open = async (path: string) => {
    await page.goto(url + path)
    await page.locator('h1').waitFor()
    pages.push(await measure(page))
  }
  for (const path of ['/', '/shop', '/about', '/journal']) await open(path)
  for (const { slug } of products) await open(`/product/${slug}`)

  await page.goto(`${url}/shop`)
  await page.getByRole('button', { name: 'Add to bag: Ridge mug' }).click()
  await page.getByRole('button', { name: 'Add to bag: Shoal serving bowl' }).click()
  await open('/cart')
  await open('/checkout')
  await page.locator('#fill-example').click()
  await page.locator('[data-sightline="Place order"]').click()
  await page.locator('.order-card').waitFor()
  await page.locator('.toast').waitFor({ state: 'detached' })
  pages.push(await measure(page))
  return pages
}

/** One element and one block a line, so that a change can be read in a diff. */
function format(pages: readonly SitePage[]): string {
  const list = (items: readonly object[]) =>
    items.map((item) => `        ${JSON.stringify(item)}`).join(',\n')
  const written = pages.map(({ path, title, height, elements, blocks }) =>
    [
      '    {',
      `      "path": ${JSON.stringify(path)}, "title": ${JSON.stringify(title)}, "height": ${height},`,
      `      "elements": [\n${list(elements)}\n      ],`,
      `      "blocks": [\n${list(blocks)}\n      ]`,
      '    }',
    ].join('\n'),
  )
  return [
    '{',
    '  "madeBy": "measure-site-map.ts, which measures the built shop in headless Chromium. Not edited by hand.",',
    `  "viewportWidth": ${viewport.width},`,
    `  "pages": [\n${written.join(',\n')}\n  ]`,
    '}\n',
  ].join('\n')
}

function differences(written: readonly SitePage[], measured: readonly SitePage[]): string[] {
  const found: string[] = []
  for (const page of measured) {
    const other = written.find(({ path }) => path === page.path)
    const names = (of: SitePage | undefined) =>
      of?.elements.map(({ label, to }) => `${label} → ${to ?? ''}`).join('\n')
    if (other === undefined || names(other) !== names(page)) {
      found.push(`${page.path}: other elements`)
      continue
    }
    const moved = page.elements.filter(({ x, y }, index) => {
      const before = other.elements[index]!
      return Math.abs(x - before.x) > tolerancePx || Math.abs(y - before.y) > tolerancePx
    })
    if (moved.length > 0) found.push(`${page.path}: moved: ${moved.map(({ label }) => label).join(', ')}`)
  }
  if (written.length !== measured.length)
    found.push(`${written.length} pages written, ${measured.length} measured`)
  return found
}

async function main(): Promise<void> {
  const server = await startDemoServer({ host: '127.0.0.1', port: 0, snippet: undefined })
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: browserFlags,
  })
  try {
    const page = await browser.newPage({ viewport })
    await page.addInitScript({ content: await namingScript() })
    const pages = await measureShop(page, server.url)
    if (!process.argv.includes('--check')) {
      await writeFile(siteMapFile, format(pages))
      console.log(
        `site-map.json: ${pages.length} pages, ${pages.reduce((sum, { elements }) => sum + elements.length, 0)} elements`,
      )
      return
    }
    const written = JSON.parse(await readFile(siteMapFile, 'utf8')) as { pages: SitePage[] }
    const found = differences(written.pages, pages)
    for (const line of found) console.error(line)
    process.exitCode = found.length === 0 ? 0 : 1
  } finally {
    await browser.close()
    await server.close()
  }
}

await main()
