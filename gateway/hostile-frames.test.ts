import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hostileBatches } from '@sightline/protocol/hostile-batches'
import { limits } from '@sightline/protocol/limits'
import { frame, type FrameFaults, opcodes, RawPeer } from './raw-peer.ts'
import { shop, TestGateway } from './test-gateway.ts'
import { TestLane, TestTracker } from './test-tracker.ts'

const { continuation, text, binary, ping } = opcodes

let test: TestGateway
let bystander: TestTracker
const bystanderLane = new TestLane()
let bystanderBatches = 0

async function start(options: Parameters<typeof TestGateway.start>[0] = {}): Promise<void> {
  test = await TestGateway.start(options)
  bystander = await TestTracker.connect(test)
  bystanderBatches = 0
}

/** The bystander sends a batch and has it acknowledged. */
async function bystanderIsServed(): Promise<void> {
  bystander.send(bystanderLane.batch())
  await bystander.settle(++bystanderBatches)
}

afterEach(() => test.stop())

function part(opcode: number, payload: Uint8Array | string, faults: FrameFaults = {}): Buffer {
  return frame(opcode, payload, { fin: false, ...faults })
}

/** Frames that end a connection, with the close code. */
const closing: [name: string, bytes: () => Uint8Array | string, code: number][] = [
  ['an unasked text', () => frame(text, 'hello'), 1008],
  ['an empty text', () => frame(text, ''), 1008],
  ['a text in JSON', () => frame(text, '{"type":"settle"}'), 1008],
  ["a server's text", () => frame(text, 'settled 1'), 1008],
  ['a ping without a number', () => frame(text, 'ping now'), 1008],
  ['a ping with a long number', () => frame(text, `ping ${'1'.repeat(30)}`), 1008],
  ['a text longer than any', () => frame(text, `ping 1${' '.repeat(limits.controlTextBytesMax)}`), 1008],
  ['a text that is not UTF-8', () => frame(text, Buffer.from([0xff, 0xfe, 0xc0])), 1008],
  ['a frame beyond the limit', () => frame(binary, new Uint8Array(limits.batchBytesMax + 1)), 1009],
  ['a header that claims a gigabyte', () => frame(binary, 'x', { claimedLength: 2 ** 30 }), 1009],
  ['a header that claims 2^60', () => frame(binary, 'x', { claimedLength: 2 ** 60 }), 1009],
  [
    'fragments that are too long together',
    () => Buffer.concat([part(binary, new Uint8Array(16_000)), part(continuation, new Uint8Array(400))]),
    1009,
  ],
  [
    'more fragments than any',
    () => Buffer.concat([part(binary, 'x'), ...Array.from({ length: 40 }, () => part(continuation, 'x'))]),
    1008,
  ],
  [
    'empty fragments',
    () => Buffer.concat([part(binary, ''), ...Array.from({ length: 40 }, () => part(continuation, ''))]),
    1008,
  ],
  ['a frame without a mask', () => frame(binary, 'x', { masked: false }), 1002],
  ['a compressed frame', () => frame(binary, 'x', { reserved: 4 }), 1002],
  ['a reserved bit', () => frame(binary, 'x', { reserved: 1 }), 1002],
  ['an unknown opcode', () => frame(5, 'x'), 1002],
  ['a continuation of nothing', () => frame(continuation, 'x'), 1002],
  ['a message within a message', () => Buffer.concat([part(binary, 'x'), frame(binary, 'x')]), 1002],
  ['a long ping', () => frame(ping, 'x'.repeat(126)), 1002],
  ['a ping in fragments', () => part(ping, 'x'), 1002],
  ['a second HTTP request', () => 'GET /ingest HTTP/1.1\r\n\r\n', 1002],
]

describe('frames that end a connection', () => {
  beforeEach(() => start())

  it.each(closing)(
    '[GW14] [GW15] [GW16] %s closes with a code, and no other connection',
    async (_name, bytes, code) => {
      const peer = await RawPeer.open(test.gateway.port)
      peer.send(bytes())
      expect(await peer.closeCode()).toBe(code)
      await bystanderIsServed()
      expect(await test.records()).toHaveLength(1)
    },
  )

  it('[GW14] what comes behind an unasked text does not count', async () => {
    const tracker = await TestTracker.connect(test)
    const lane = new TestLane()
    tracker.send(lane.batch())
    tracker.text('subscribe')
    tracker.send(lane.batch())
    expect(await tracker.closed).toEqual({ code: 1008, reason: 'policy' })
    expect(tracker.settled).toBe(1)
    expect(await test.records()).toHaveLength(1)
  })

  it('[GW20] many of them together leave no stack trace and few lines in the log', async () => {
    for (let round = 0; round < 3; round++) {
      for (const [, bytes] of closing) {
        const peer = await RawPeer.open(test.gateway.port)
        peer.send(bytes())
        await peer.closed
      }
      await bystanderIsServed()
    }
    await test.gateway.drain()
    expect(test.lines.join('')).not.toMatch(/\\n {4}at |Error:/)
    expect(test.lines.length).toBeLessThan(6)
  })
})

describe('batches that are refused', () => {
  it('[GW9] [GW20] all of the collection get their code, five to a connection, beside good ones of the same visitor', async () => {
    await start()
    // What is larger than a frame may be does not get as far as a refusal: the socket closes it.
    const fitting = hostileBatches.filter(({ bytes }) => bytes.length <= limits.batchBytesMax)
    expect(fitting.length).toBeGreaterThan(40)
    let good = 0
    for (let from = 0; from < fitting.length; from += limits.refusalsPerConnectionMax) {
      const some = fitting.slice(from, from + limits.refusalsPerConnectionMax)
      const tracker = await TestTracker.connect(test)
      const lane = new TestLane()
      for (const { bytes } of some) tracker.send(bytes, lane.batch())
      good += some.length
      await tracker.settle(2 * some.length)
      expect([...tracker.refused]).toEqual(some.map(({ expected }, i) => [2 * i + 1, expected]))
      await bystanderIsServed()
      tracker.close()
    }
    expect(await test.records()).toHaveLength(good + bystanderBatches)
    expect(test.lines.join('')).not.toMatch(/\\n {4}at |Error:/)
  })
})

describe('frames that are borne', () => {
  beforeEach(() => start())

  it('[GW14] a ping is answered with its text and the clock', async () => {
    const before = Date.now()
    bystander.text('ping 1234.5')
    await bystander.until(() => bystander.pongs.length === 1)
    expect(bystander.pongs[0].echo).toBe('1234.5')
    expect(bystander.pongs[0].atMs).toBeGreaterThanOrEqual(before)
    expect(bystander.pongs[0].atMs).toBeLessThanOrEqual(Date.now())
  })

  it('[GW4] a batch in a few fragments, with a ping between, is one record', async () => {
    const batch = new TestLane().batch(40)
    const peer = await RawPeer.open(test.gateway.port)
    peer.send(part(binary, batch.subarray(0, 30)))
    peer.send(frame(ping, 'are you there'))
    peer.send(part(continuation, batch.subarray(30, 60)))
    peer.send(frame(continuation, batch.subarray(60)))
    await expect.poll(async () => (await test.records()).length).toBe(1)
    expect(Buffer.from((await test.records())[0].value)).toEqual(Buffer.from(batch))
    peer.socket.destroy()
  })

  it('[GW15] a batch of exactly the limit passes the socket', async () => {
    const peer = await TestTracker.connect(test)
    peer.send(new Uint8Array(limits.batchBytesMax))
    await peer.settle(1)
    expect([...peer.refused]).toEqual([[1, 'malformed']])
  })
})

describe('bounds', () => {
  it('[GW16] a message that never ends is closed with 1008 after its time', async () => {
    await start({ config: { heartbeatMs: 1_000, messageMsMax: 500 } })
    const stalled = await RawPeer.open(test.gateway.port)
    stalled.send(part(binary, new Uint8Array(100)))
    const cut = await RawPeer.open(test.gateway.port)
    cut.send(frame(binary, new Uint8Array(1_000)).subarray(0, 500))
    const dripping = await RawPeer.open(test.gateway.port)
    dripping.send(part(binary, 'x'))
    const drip = setInterval(() => dripping.send(part(continuation, 'x')), 100)
    expect([await stalled.closeCode(), await cut.closeCode(), await dripping.closeCode()]).toEqual([
      1008, 1008, 1008,
    ])
    clearInterval(drip)
    await bystanderIsServed()
  })

  it('[GW17] a flood is closed with 4008 and a delay; what came before is settled', async () => {
    await start({ config: { connectionFramesPerSecondMax: 10, connectionFramesBurstMax: 50 } })
    const tracker = await TestTracker.connect(test)
    const lane = new TestLane()
    tracker.send(...lane.batches(80))
    const { code, reason } = await tracker.closed
    expect(code).toBe(4008)
    expect(reason).toMatch(/^rate \d+$/)
    expect(tracker.settled).toBe(50)
    await bystanderIsServed()
  })

  it('[GW17] pings of the protocol count as frames', async () => {
    await start({ config: { connectionFramesPerSecondMax: 10, connectionFramesBurstMax: 50 } })
    const tracker = await TestTracker.connect(test)
    for (let i = 0; i < 60; i++) tracker.text('ping 1')
    expect((await tracker.closed).code).toBe(4008)
    expect(tracker.pongs).toHaveLength(50)
  })

  it('[GW17] a flood of WebSocket pings closes too', async () => {
    await start({ config: { connectionFramesPerSecondMax: 10, connectionFramesBurstMax: 50 } })
    const peer = await RawPeer.open(test.gateway.port)
    for (let i = 0; i < 200; i++) peer.send(frame(ping, 'x'))
    expect(await peer.closeCode()).toBe(4008)
    await bystanderIsServed()
  })

  it('[GW17] a whole ring sent again passes at the default rate', async () => {
    await start()
    const tracker = await TestTracker.connect(test)
    tracker.send(...new TestLane().batches(limits.ringBatchesMax))
    await tracker.settle(limits.ringBatchesMax)
  })

  it('[GW18] a ninth session closes with 1008', async () => {
    await start()
    const tracker = await TestTracker.connect(test)
    for (let i = 0; i <= limits.sessionsPerConnectionMax; i++) tracker.send(new TestLane().batch())
    expect((await tracker.closed).code).toBe(1008)
    expect(tracker.settled).toBe(limits.sessionsPerConnectionMax)
    await bystanderIsServed()
  })

  it('[GW18] one connection opened lanes without end, each remembered for hours', async () => {
    await start()
    const tracker = await TestTracker.connect(test)
    const session = crypto.getRandomValues(new Uint8Array(16))
    for (let lane = 0; lane <= limits.lanesPerConnectionMax; lane++)
      tracker.send(new TestLane(session, undefined, lane).batch())
    expect((await tracker.closed).code).toBe(1008)
    expect(tracker.settled).toBe(limits.lanesPerConnectionMax)
    await bystanderIsServed()
  })

  it('[GW19] a peer that is gone without a word is dropped; one that answers stays', async () => {
    await start({ config: { heartbeatMs: 500 } })
    const silent = await RawPeer.open(test.gateway.port)
    expect(await silent.closeCode()).toBe(1006)
    await bystanderIsServed()
  })

  it('[GW14] a peer that does not answer the close is dropped', async () => {
    await start()
    const tracker = await TestTracker.connect(test)
    tracker.text('subscribe')
    tracker.socket.pause()
    await expect.poll(() => test.gateway.connections, { timeout: limits.closeHandshakeMsMax + 1_000 }).toBe(1)
    tracker.socket.terminate()
  })

  it("[GW20] a site's refused batches do not touch another connection of the same site", async () => {
    await start()
    const hostile = await TestTracker.connect(test, { key: shop.writeKey })
    for (let i = 0; i < 50; i++) hostile.send(new Uint8Array(100))
    await hostile.closed
    await bystanderIsServed()
  })
})
