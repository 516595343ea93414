import { afterEach, describe, expect, it } from 'vitest'
import { joinBeacon } from '@sightline/protocol/beacon'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { RawPeer } from './raw-peer.ts'
import { loggerInto, shop, TestGateway } from './test-gateway.ts'
import { startGateway } from './main.ts'
import { TestLane, TestTracker } from './test-tracker.ts'

let test: TestGateway
afterEach(() => test.stop())

describe('draining', () => {
  it('[GW22] settles what was appended, then closes with 1012', async () => {
    test = await TestGateway.start()
    test.log.holding = true
    const trackers = await Promise.all(Array.from({ length: 20 }, () => TestTracker.connect(test)))
    for (const tracker of trackers) tracker.send(...new TestLane().batches(7))
    await expect.poll(() => test.log.heldCount).toBe(140)
    const drained = test.gateway.drain()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(test.gateway.connections).toBe(20)
    test.log.release()
    for (const tracker of trackers) {
      expect(await tracker.closed).toEqual({ code: 1012, reason: 'closing' })
      expect(tracker.settled).toBe(7)
    }
    await drained
    expect(test.gateway.connections).toBe(0)
  })

  it('[GW22] settles exactly what is in the log, in the middle of traffic', async () => {
    test = await TestGateway.start()
    const trackers = await Promise.all(Array.from({ length: 10 }, () => TestTracker.connect(test)))
    const senders = trackers.map((tracker) => {
      const lane = new TestLane()
      return setInterval(() => tracker.send(...lane.batches(5)), 2)
    })
    await new Promise((resolve) => setTimeout(resolve, 300))
    const closes = trackers.map((tracker) => tracker.closed)
    await test.gateway.drain()
    for (const sender of senders) clearInterval(sender)
    expect((await Promise.all(closes)).map(({ code }) => code)).toEqual(
      Array.from({ length: 10 }, () => 1012),
    )
    const settled = trackers.reduce((sum, tracker) => sum + tracker.settled, 0)
    expect(settled).toBeGreaterThan(0)
    expect(settled).toBe((await test.records()).length)
  })

  it('[GW22] ends in time though the log says nothing and a client does not answer the close', async () => {
    test = await TestGateway.start({ config: { drainMsMax: 1_000 } })
    test.log.holding = true
    const tracker = await TestTracker.connect(test)
    tracker.send(new TestLane().batch())
    await expect.poll(() => test.log.heldCount).toBe(1)
    const deaf = await TestTracker.connect(test)
    deaf.socket.pause()
    const startedMs = performance.now()
    await test.gateway.drain()
    expect(performance.now() - startedMs).toBeLessThan(1_500)
    expect(await tracker.closed).toEqual({ code: 1012, reason: 'closing' })
    expect(tracker.settled).toBe(0)
    deaf.socket.terminate()
  })

  it('[GW22] refuses upgrades and beacons with 503, and is not ready', async () => {
    test = await TestGateway.start()
    test.log.holding = true
    const tracker = await TestTracker.connect(test)
    tracker.send(new TestLane().batch())
    await expect.poll(() => test.log.heldCount).toBe(1)
    const drained = test.gateway.drain()
    await expect(TestTracker.connect(test)).rejects.toThrow('503')
    const url = `${test.gateway.url}/beacon?key=${shop.writeKey}`
    const init = {
      method: 'POST',
      body: joinBeacon([new TestLane().batch()]),
      headers: { origin: shop.origins[0] },
    }
    expect((await fetch(url, init)).status).toBe(503)
    expect((await fetch(`${test.gateway.url}/health/ready`)).status).toBe(503)
    expect((await fetch(`${test.gateway.url}/health/live`)).status).toBe(200)
    test.log.release()
    await drained
  })

  it('[GW22] waits for beacons in hand', async () => {
    test = await TestGateway.start()
    test.log.holding = true
    const url = `${test.gateway.url}/beacon?key=${shop.writeKey}`
    const init = {
      method: 'POST',
      body: joinBeacon([new TestLane().batch()]),
      headers: { origin: shop.origins[0] },
    }
    const beacon = fetch(url, init)
    await expect.poll(() => test.log.heldCount).toBe(1)
    const closed = test.gateway.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
    test.log.release()
    expect((await beacon).status).toBe(204)
    await closed
  })
})

describe('closing', () => {
  it('[GW22] drains first, frees the port, and may be asked for twice', async () => {
    test = await TestGateway.start()
    const tracker = await TestTracker.connect(test)
    tracker.send(...new TestLane().batches(5))
    await expect.poll(() => test.log.appended).toBe(5)
    await Promise.all([test.gateway.close(), test.gateway.close()])
    expect(await tracker.closed).toEqual({ code: 1012, reason: 'closing' })
    expect(tracker.settled).toBe(5)
    const server = createServer().listen(test.gateway.port, '127.0.0.1')
    await once(server, 'listening')
    server.close()
  })

  it('[GW22] does not wait for connections that are merely kept open', async () => {
    test = await TestGateway.start()
    const idle = await RawPeer.dial(test.gateway.port)
    const kept = await RawPeer.dial(test.gateway.port)
    kept.send('GET /health/live HTTP/1.1\r\nHost: g\r\n\r\n')
    await expect.poll(() => kept.heard.length).toBeGreaterThan(0)
    const startedMs = performance.now()
    await test.gateway.close()
    expect(performance.now() - startedMs).toBeLessThan(1_000)
    await Promise.all([idle.closed, kept.closed])
  })
})

describe('several gateways in one process', () => {
  it('[GW31] share the engine only: one drains, the other serves', async () => {
    test = await TestGateway.start()
    const other = await startGateway({
      host: '127.0.0.1',
      port: 0,
      engine: test.engine,
      logger: loggerInto([]),
    })
    const first = await TestTracker.connect(test)
    const closed = first.closed
    await other.close()
    first.send(new TestLane().batch())
    await first.settle(1)
    expect(other.port).not.toBe(test.gateway.port)
    first.close()
    expect((await closed).code).toBe(1005)
  })

  it('[GW31] a second one on the same port says so, and leaves the first alone', async () => {
    test = await TestGateway.start()
    const again = startGateway({
      host: '127.0.0.1',
      port: test.gateway.port,
      engine: test.engine,
      logger: loggerInto([]),
    })
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' })
    const tracker = await TestTracker.connect(test)
    tracker.send(new TestLane().batch())
    await tracker.settle(1)
  })
})
