import { gunzipSync } from 'node:zlib'
import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { RawPeer } from './raw-peer.ts'
import { shop, TestGateway } from './test-gateway.ts'
import { TestLane, TestTracker } from './test-tracker.ts'

let test: TestGateway
afterEach(() => test.stop())

const script =
  'console.log("a tracker, long enough to be worth compressing, long enough to be worth compressing")'
const trackerScript = { script: Buffer.from(script), module: Buffer.from(`export {};${script}`) }

/** A GET whose answer is not decompressed on the way. */
function get(path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const sent = request(`${test.gateway.url}${path}`, { headers, agent: false }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        )
      })
      sent.on('error', reject)
      sent.end()
    },
  )
}

describe('the tracker', () => {
  it.each([
    ['/tracker.js', trackerScript.script],
    ['/tracker.mjs', trackerScript.module],
  ])('[GW29] is served at %s for any page, with a tag, as it is or compressed', async (path, bytes) => {
    test = await TestGateway.start({ trackerScript })
    const plain = await get(path)
    expect(plain.status).toBe(200)
    expect(plain.body).toEqual(bytes)
    expect(plain.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'content-type': 'text/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
    expect(plain.headers['cache-control']).toMatch(/max-age=\d+/)
    expect(plain.headers).not.toHaveProperty('x-powered-by')
    const compressed = await get(path, { 'accept-encoding': 'br, gzip' })
    expect(compressed.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(compressed.body)).toEqual(bytes)
    for (const { headers } of [plain, compressed]) {
      const encoding = headers['content-encoding'] === undefined ? {} : { 'accept-encoding': 'gzip' }
      const again = await get(path, { ...encoding, 'if-none-match': `"x", ${String(headers.etag)}` })
      expect(again.status).toBe(304)
      expect(again.body).toHaveLength(0)
    }
  })

  it('[GW29] is not found where it was not given', async () => {
    test = await TestGateway.start()
    const answer = await get('/tracker.js')
    expect(answer.status).toBe(404)
    expect(JSON.parse(answer.body.toString())).toMatchObject({ error: 'not-found' })
  })
})

describe('health', () => {
  it('[GW30] is live and ready', async () => {
    test = await TestGateway.start()
    expect((await get('/health/live')).status).toBe(200)
    expect((await get('/health/ready')).status).toBe(200)
  })

  it('[GW30] is not ready while the log fails or does not answer', async () => {
    test = await TestGateway.start()
    test.log.bounds = () => Promise.reject(new Error('no leader'))
    expect((await get('/health/ready')).status).toBe(503)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    test.log.bounds = () => new Promise(() => {})
    expect((await get('/health/ready')).status).toBe(503)
    expect((await get('/health/live')).status).toBe(200)
  })
})

describe('what is not there', () => {
  it.each(['/', '/ingest', '/%E0%A4%A', '/beacon', '/health', '/../etc/passwd', '//', '/tracker.js/x'])(
    '[GW20] GET %s is answered in JSON, without a stack trace',
    async (path) => {
      test = await TestGateway.start({ trackerScript })
      const peer = await RawPeer.dial(test.gateway.port)
      peer.send(`GET ${path} HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n`)
      await peer.closed
      const [headers, body] = peer.heard.toString().split('\r\n\r\n')
      expect(headers).toMatch(/^HTTP\/1\.1 40[04] /)
      expect(JSON.parse(body)).toHaveProperty('error')
      expect(test.lines.join('')).not.toMatch(/\\n {4}at |Error:/)
    },
  )
})

describe('reports', () => {
  it('[GW28] tell the registry how the gateway is', async () => {
    test = await TestGateway.start()
    const tracker = await TestTracker.connect(test)
    const lane = new TestLane()
    let frames = 0
    const sending = setInterval(() => {
      frames++
      tracker.send(lane.batch(30))
    }, 10)
    const figures = async () => {
      const reports = await test.engine.registry.reports()
      return reports.find(({ stage }) => stage === 'gateway')?.figures ?? {}
    }
    await expect.poll(async () => (await figures()).framesPerSecond, { timeout: 5_000 }).toBeGreaterThan(20)
    const seen = await figures()
    clearInterval(sending)
    expect(seen.eventsPerSecond).toBeCloseTo(seen.framesPerSecond * 30, 3)
    expect(seen).toMatchObject({ connections: 1, [`flushMs:${shop.id}`]: 1_000 })
    expect(seen.appendP99Ms).toBeGreaterThanOrEqual(seen.appendP50Ms)
    expect(seen.appendP50Ms).toBeGreaterThan(0)
    expect(seen.pendingRecords).toBeGreaterThanOrEqual(0)
    await tracker.settle(frames)
  })

  it('[GW28] that fail are counted, and change nothing else', async () => {
    test = await TestGateway.start()
    test.engine.registry.report = () => Promise.reject(new Error('connection lost'))
    await expect.poll(() => test.gateway.counters.reportsFailed, { timeout: 5_000 }).toBeGreaterThan(1)
    const tracker = await TestTracker.connect(test)
    tracker.send(new TestLane().batch())
    await tracker.settle(1)
  })
})
