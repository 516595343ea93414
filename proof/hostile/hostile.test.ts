// Hostile peers against a gateway process, while a good visitor goes on beside them.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { frameTemplates } from '@sightline/cli/load/frame-templates'
import { LoadVisitor } from '@sightline/cli/load/load-visitor'
import type { TrackerSocket, TrackerSocketOptions } from '@sightline/cli/wire/tracker-socket'
import type { Engine } from '@sightline/engine/engine'
import { frame, opcodes, RawPeer } from '@sightline/gateway/raw-peer'
import { blog, shop, type TestGateway } from '@sightline/gateway/test-gateway'
import { TestLane, TestTracker } from '@sightline/gateway/test-tracker'
import { hostileBatches } from '@sightline/protocol/hostile-batches'
import { limits } from '@sightline/protocol/limits'
import { kafkaBrokers, redisUrl } from '../../toolchain/test-servers.mjs'
import { faultsShown } from '../faults/load-through-faults.ts'
import { Installation } from '../installation/installation.ts'
import { hostileFrames } from './hostile-frames.ts'
import { hostileRequests } from './hostile-requests.ts'

const batchEveryMs = 50
const eventsPerBatch = 10
const acknowledgedMsMax = 5_000

/** A visitor of the shop who does nothing wrong. */
class GoodVisitor {
  sent = 0
  acknowledged = 0
  refused = 0
  /** Longest wait for an acknowledgement, ms. */
  slowestMs = 0
  readonly socket: TrackerSocket
  private readonly timer: NodeJS.Timeout

  constructor(url: string) {
    const options: TrackerSocketOptions = {
      url,
      origin: shop.origins[0],
      now: () => performance.now(),
      random: Math.random,
      onSettled: (batch, refusal) => {
        if (refusal === null) this.acknowledged += batch.events
        else this.refused += batch.events
        this.slowestMs = Math.max(this.slowestMs, performance.now() - batch.sentMs)
      },
    }
    const visitor = new LoadVisitor(shop.id, 1_440, options)
    this.socket = visitor.socket
    const [template] = frameTemplates(1, eventsPerBatch, batchEveryMs, Math.random)
    this.timer = setInterval(() => {
      if (visitor.send(template, Date.now() - batchEveryMs)) this.sent += eventsPerBatch
    }, batchEveryMs)
  }

  async finish(): Promise<void> {
    clearInterval(this.timer)
    await this.socket.finish(acknowledgedMsMax)
  }
}

let installation: Installation
let engine: Engine
let port: number
let webSocketUrl: string
let visitor: GoodVisitor
/** Begun first, since they take their time. */
let slow: { incompleteHeaders: Promise<string>; neverEnding: Promise<number>; cut: Promise<number> }

beforeAll(async () => {
  installation = await Installation.start({ kind: 'kafka', brokers: kafkaBrokers(), redisUrl: redisUrl() })
  engine = await installation.openEngine()
  // Sites whose origins are not just any.
  for (const site of [shop, blog]) await engine.registry.putSite(site)
  port = Number(new URL(installation.gatewayUrls[0]).port)
  webSocketUrl = `ws://127.0.0.1:${port}/ingest`
  visitor = new GoodVisitor(`${webSocketUrl}?key=${shop.writeKey}`)
  await vi.waitUntil(() => visitor.acknowledged > 0, { timeout: 10_000 })
  visitor.socket.reconnects = 0 // before the gateway had heard of the site
  slow = { incompleteHeaders: sendIncompleteHeaders(), neverEnding: dripFragments(), cut: sendCutFrame() }
})

afterAll(async () => {
  await visitor?.finish()
  await engine?.close()
  await installation?.stop()
})

async function answerTo(bytes: string): Promise<string> {
  const peer = await RawPeer.dial(port)
  peer.send(Buffer.from(bytes, 'latin1'))
  await peer.closed
  return peer.heard.toString()
}

async function sendIncompleteHeaders(): Promise<string> {
  const peer = await RawPeer.dial(port)
  peer.send('GET /ingest HTTP/1.1\r\n')
  const drip = setInterval(() => peer.send('X-A: b\r\n'), 200)
  await peer.closed
  clearInterval(drip)
  return peer.heard.toString()
}

async function dripFragments(): Promise<number> {
  const peer = await RawPeer.open(port)
  peer.send(frame(opcodes.binary, 'x', { fin: false }))
  const drip = setInterval(() => peer.send(frame(opcodes.continuation, 'x', { fin: false })), 1_000)
  const code = await peer.closeCode()
  clearInterval(drip)
  return code
}

async function sendCutFrame(): Promise<number> {
  const peer = await RawPeer.open(port)
  peer.send(frame(opcodes.binary, new Uint8Array(1_000)).subarray(0, 500))
  return peer.closeCode()
}

function connectAs(key: string): Promise<TestTracker> {
  return TestTracker.connect({ webSocketUrl } as TestGateway, { key })
}

describe('requests and upgrades', () => {
  test.each(hostileRequests)('$name: answered with $status $error', async ({ bytes, status, error }) => {
    const [head, body] = (await answerTo(bytes)).split('\r\n\r\n')
    expect(Number(head.split(' ')[1])).toBe(status)
    expect(JSON.parse(body)).toMatchObject({ error, message: expect.stringMatching(/./) })
  })
})

describe('frames', () => {
  test.each(hostileFrames)('$name: closed with $code', async ({ bytes, code }) => {
    const peer = await RawPeer.open(port)
    peer.send(bytes())
    expect(await peer.closeCode()).toBe(code)
  })
})

describe('floods of pings', () => {
  test('all at once: dropped before the answers take memory', async () => {
    const peer = await RawPeer.open(port)
    peer.send(Buffer.concat(Array.from({ length: 1_000 }, () => frame(opcodes.ping, 'x'))))
    expect(await peer.closeCode()).toBe(1006)
  })

  test('a few at a time, each answered before the next: closed with 4008', async () => {
    const peer = await RawPeer.open(port)
    let open = true
    const code = peer.closeCode().finally(() => (open = false))
    const count = 25
    const few = Buffer.concat(Array.from({ length: count }, () => frame(opcodes.ping, 'x')))
    const pongBytes = 3
    while (open) {
      const answered = peer.heard.length + count * pongBytes
      peer.send(few)
      await vi.waitUntil(() => !open || peer.heard.length >= answered, { interval: 1, timeout: 5_000 })
    }
    expect(await code).toBe(4008)
  })
})

describe('batches', () => {
  test.each(hostileBatches)('$name: refused as $expected', async ({ bytes, expected }) => {
    const tracker = await connectAs(shop.writeKey)
    tracker.send(bytes)
    // What is too large for any batch is not even read.
    if (bytes.length > limits.batchBytesMax) return expect((await tracker.closed).code).toBe(1009)
    await tracker.settle(1)
    expect([...tracker.refused]).toEqual([[1, expected]])
    tracker.close()
  })

  test('a batch of another site: refused as unknown-site', async () => {
    const tracker = await connectAs(shop.writeKey)
    tracker.send(new TestLane(undefined, blog.id).batch())
    await tracker.settle(1)
    expect([...tracker.refused]).toEqual([[1, 'unknown-site']])
    tracker.close()
  })

  test('one refused batch too many: closed with 1008, all of them told', async () => {
    const tracker = await connectAs(shop.writeKey)
    for (let i = 0; i < 20; i++) tracker.send(new Uint8Array(100))
    expect((await tracker.closed).code).toBe(1008)
    expect(tracker.refused.size).toBe(limits.refusalsPerConnectionMax + 1)
  })

  test('one session too many: closed with 1008', async () => {
    const tracker = await connectAs(blog.writeKey)
    for (let i = 0; i <= limits.sessionsPerConnectionMax; i++)
      tracker.send(new TestLane(undefined, blog.id).batch())
    expect((await tracker.closed).code).toBe(1008)
    expect(tracker.settled).toBe(limits.sessionsPerConnectionMax)
  })

  test('a flood of batches: closed with 4008; what came before is settled', async () => {
    const tracker = await connectAs(blog.writeKey)
    tracker.send(...new TestLane(undefined, blog.id).batches(limits.connectionFramesBurstMax + 500))
    expect((await tracker.closed).code).toBe(4008)
    expect(tracker.settled).toBeGreaterThanOrEqual(limits.connectionFramesBurstMax)
  })
})

describe('slow ones', () => {
  test('headers that are never complete: answered with 408', async () => {
    expect(await slow.incompleteHeaders).toMatch(/^HTTP\/1\.1 408 .*"error":"timeout"/s)
  })

  test('fragments that drip without an end: closed with 1008', async () => {
    expect(await slow.neverEnding).toBe(1008)
  })

  test('a frame that is never complete: closed with 1008', async () => {
    expect(await slow.cut).toBe(1008)
  })
})

describe('meanwhile', () => {
  test('the good visitor was acknowledged throughout, on one connection, and is counted exactly', async () => {
    await visitor.finish()
    const { sent, acknowledged, refused, slowestMs } = visitor
    expect({ acknowledged, refused, reconnects: visitor.socket.reconnects }).toEqual({
      acknowledged: sent,
      refused: 0,
      reconnects: 0,
    })
    expect(slowestMs).toBeLessThan(acknowledgedMsMax)
    const { faults, ledger } = await faultsShown(installation, { sent, acknowledged, refused, unsettled: 0 })
    process.stdout.write(`  ${JSON.stringify({ sent, slowestMs, counted: ledger.counted })}\n`)
    expect(faults).toEqual([])
    expect(ledger.counted).toBe(sent)
  })

  test('the gateway lived through all of it, and wrote no stack trace and few lines', async () => {
    const [gateway] = installation.gateways
    expect((await fetch(`${installation.gatewayUrls[0]}/health/ready`)).status).toBe(200)
    expect(gateway.errors).not.toMatch(/\n {4}at |\\n {4}at |Error:/)
    expect(gateway.errors.split('\n').length).toBeLessThan(20)
  })
})
