import type { EventLog } from '@sightline/engine/log/event-log'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TestPath } from '../test-path.fixture.ts'
import { TrackerSocket, type WireBatch } from '../wire/tracker-socket.ts'
import { frameTemplates, loadPages } from './frame-templates.ts'
import { LoadVisitor } from './load-visitor.ts'
import { runLoad } from './run-load.ts'

let path: TestPath

beforeEach(async () => {
  path = await TestPath.start()
})

afterEach(() => path.stop())

const random = Math.random
const target = () => ({ ingestUrl: path.ingestUrl, origin: 'http://shop.example', site: path.site.id })

test('[CL14] sends the rate that it was told, and what it calls acknowledged is counted', async () => {
  const result = await runLoad(
    target(),
    { rate: 6_000, visitors: 20, seconds: 2, frame: 30, site: 1 },
    random,
  )
  expect(result.sent).toBeGreaterThan(9_000)
  expect(result.sent).toBeLessThanOrEqual(12_600)
  expect(result).toMatchObject({
    acknowledged: result.sent,
    refused: 0,
    unsettled: 0,
    held: 0,
    reconnects: 0,
  })
  expect(result.frames * 30).toBe(result.sent)
  expect(result.acknowledgementMs.p99).toBeGreaterThan(0)
  const ledger = await path.ledger(result.sent)
  expect(ledger).toMatchObject({
    counted: result.sent,
    sealed: result.sent,
    missing: 0,
    duplicate: 0,
    balanced: true,
  })
})

test('[CL14] refused batches are told by code', async () => {
  const result = await runLoad(
    { ...target(), site: 2 },
    { rate: 90, visitors: 3, seconds: 1, frame: 30, site: 2 },
    random,
  )
  expect(result.refused).toBe(result.sent)
  expect(result.refusedBy).toEqual({ 'unknown-site': result.sent })
})

test('[CL14] a stop ends it early, and what is under way is waited for', async () => {
  const beganMs = performance.now()
  const result = await runLoad(
    target(),
    { rate: 300, visitors: 3, seconds: 60, frame: 10, site: 1 },
    random,
    undefined,
    () => {
      return performance.now() - beganMs > 1_000
    },
  )
  expect(result.seconds).toBeLessThan(10)
  expect(result.unsettled).toBe(0)
})

test('[CL14] a gateway that refuses the connection is told with its reason, and nothing goes on trying', async () => {
  const wrong = { ...target(), ingestUrl: path.ingestUrl.replace('1-', '9-') }
  const refused = runLoad(
    wrong,
    { rate: 10, visitors: 2, seconds: 1, frame: 1, site: 9 },
    random,
    undefined,
    undefined,
    800,
  )
  await expect(refused).rejects.toThrow(
    'the gateway does not accept connections: Unexpected server response: 401',
  )
})

test('[CL15] what was not settled is sent again in order after the gateway came back, and settled once', async () => {
  // The first gateway takes everything and never says that it is durable.
  const { log, registry } = path.engine
  const silent = new Proxy(log, {
    get(real, name: keyof EventLog) {
      if (name === 'append') return () => true
      const member = real[name]
      return typeof member === 'function' ? (member as () => unknown).bind(real) : member
    },
  })
  await path.restartGateway({ log: silent, registry })
  const settled: WireBatch[] = []
  const visitor = new LoadVisitor(1, 1_440, {
    url: path.ingestUrl,
    origin: 'http://shop.example',
    now: () => performance.now(),
    random: () => 0,
    onSettled: (batch, refusal) => {
      expect(refusal).toBeNull()
      settled.push(batch)
    },
  })
  const [template] = frameTemplates(1, 10, 1_000, random)
  while (!visitor.socket.connected) await new Promise((resolve) => setTimeout(resolve, 10))
  for (let i = 0; i < 5; i++) visitor.send(template, Date.now())
  const sent = [...visitor.socket.unsettled]
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(settled).toEqual([])
  await path.restartGateway()
  visitor.send(template, Date.now())
  await visitor.socket.finish(15_000)
  expect(settled.slice(0, 5)).toEqual(sent)
  expect(settled).toHaveLength(6)
  expect(visitor.socket.unsettled).toEqual([])
  expect(visitor.socket.reconnects).toBeGreaterThanOrEqual(1)
  expect(await path.ledger(60)).toMatchObject({ counted: 60, missing: 0 })
}, 40_000)

test('[CL15] a socket that is closed stops trying', async () => {
  const url = path.ingestUrl.replace(/:\d+/, ':1')
  const socket = new TrackerSocket({ url, origin: 'x', now: () => performance.now(), random: () => 0 })
  await new Promise((resolve) => setTimeout(resolve, 300))
  socket.close()
  const { reconnects } = socket
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(socket.reconnects).toBeLessThanOrEqual(reconnects + 1)
  await socket.finish(10_000)
})

test('[CL14] frames look like visitors: on pages, mostly moves, all within the page', () => {
  const templates = frameTemplates(60, 30, 1_000, random)
  expect(new Set(templates.map(({ page }) => page)).size).toBe(loadPages.length)
  expect(templates.every(({ encoder, events }) => encoder.count === 30 && events === 30)).toBe(true)
})
