import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '@sightline/engine/create-engine'
import type { Engine } from '@sightline/engine/engine'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { box } from './box.ts'
import { readConfig } from './config.ts'
import { ensureDemoSite, ensureOwnSite, loadSiteId, writeKeyOf } from './ensure-sites.ts'
import { originsOf, publicGatewayUrl, snippetFor, urlOf } from './roles.ts'

let directory: string
let engine: Engine

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sightline-cli-'))
  engine = await createEngine({ kind: 'embedded', directory })
})

afterEach(async () => {
  await engine.close()
  await rm(directory, { recursive: true, force: true })
})

test('[CL13] the own site is made once, and stays as it was changed', async () => {
  const own = await ensureOwnSite(engine)
  expect(own).toMatchObject({ id: 1, origins: ['*'], timeZone: 'UTC' })
  await engine.registry.putSite({ ...own, name: 'Shop', origins: ['https://shop.example'] })
  expect(await ensureOwnSite(engine)).toMatchObject({ name: 'Shop', writeKey: own.writeKey })
  expect(engine.registry.sites()).toHaveLength(2)
})

test('[CL13] what a load sends has a site of its own', async () => {
  await ensureOwnSite(engine)
  expect(engine.registry.site(loadSiteId)).toMatchObject({ name: 'Load test', origins: ['*'] })
})

test('[CL13] processes that started together each made a key of their own, and printed keys were unknown', async () => {
  // Two that both find an empty registry: the second writes over the first.
  const empty = {
    log: engine.log,
    registry: { ...engine.registry, site: () => undefined, putSite: () => Promise.resolve() },
  }
  const [one, two] = await Promise.all([ensureOwnSite(empty as never), ensureOwnSite(empty as never)])
  expect(one.writeKey).toBe(two.writeKey)
  expect(one.writeKey).toMatch(/^1-[0-9a-f]{24}$/)
  expect(await writeKeyOf(engine, 1)).toBe(one.writeKey)
  expect(await writeKeyOf(engine, 2)).not.toBe(`2-${one.writeKey.slice(2)}`)
})

test('[CL13] the demo shop’s site allows where the shop is now, and keeps its key', async () => {
  const first = await ensureDemoSite(engine, ['http://127.0.0.1:7072'])
  expect(await ensureDemoSite(engine, ['http://127.0.0.1:7072'])).toEqual(first)
  const moved = await ensureDemoSite(engine, ['http://127.0.0.1:8000', 'http://localhost:8000'])
  expect(moved).toMatchObject({
    id: 2,
    writeKey: first.writeKey,
    origins: ['http://127.0.0.1:8000', 'http://localhost:8000'],
  })
})

test('[CL6] URLs are places to go to, whatever address is listened on', () => {
  expect(urlOf('127.0.0.1', 80)).toBe('http://127.0.0.1:80')
  expect(urlOf('::1', 80)).toBe('http://[::1]:80')
  expect(urlOf('0.0.0.0', 80)).toBe('http://localhost:80')
  expect(urlOf('::', 80)).toBe('http://localhost:80')
  const config = readConfig({ 'demo-host': '::1', 'gateway-url': 'https://in.example/' }, {})
  expect(publicGatewayUrl(config, 1)).toBe('https://in.example')
  expect(publicGatewayUrl(readConfig({}, {}), 5)).toBe('http://127.0.0.1:5')
  expect(originsOf(config, 80)).toEqual(['http://[::1]:80', 'http://localhost:80'])
  expect(originsOf(config, 80).every((origin) => URL.canParse(origin))).toBe(true)
  expect(snippetFor('https://in.example', '1-abc')).toBe(
    '<script async src="https://in.example/tracker.js" data-key="1-abc"></script>',
  )
})

test('[CL6] the box is as wide as its widest line and cuts nothing', () => {
  const long = 'x'.repeat(150)
  const lines = box('Title', [
    ['Short', 'y'],
    ['A longer label', long],
  ])
    .split('\n')
    .filter((line) => line !== '')
  // oxlint-disable-next-line no-control-regex
  const plain = lines.map((line) => line.replace(/\u001b\[\d+m/g, ''))
  expect(new Set(plain.map((line) => line.length)).size).toBe(1)
  expect(plain[0].startsWith('╭ Title ─')).toBe(true)
  expect(plain.some((line) => line.includes(long))).toBe(true)
})
