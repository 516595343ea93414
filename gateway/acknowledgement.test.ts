import { afterEach, describe, expect, it } from 'vitest'
import { partitionOf } from '@sightline/engine/log/event-log'
import { limits } from '@sightline/protocol/limits'
import { blog, TestGateway } from './test-gateway.ts'
import { TestLane, TestTracker } from './test-tracker.ts'

let test: TestGateway
afterEach(() => test.stop())

describe('records', () => {
  it('[GW4] are the frames as they came, keyed by session, in its partition, at the time of receipt', async () => {
    const nowMs = 1_764_111_222_333
    test = await TestGateway.start({ now: () => nowMs })
    const tracker = await TestTracker.connect(test)
    const lanes = [new TestLane(), new TestLane(), new TestLane()]
    const batches = Array.from({ length: 60 }, (_, i) => lanes[i % 3].batch(1 + i))
    tracker.send(...batches)
    await tracker.settle(60)
    const records = await test.records()
    expect(records).toHaveLength(60)
    for (const [i, lane] of lanes.entries()) {
      const own = records.filter(({ key }) => Buffer.from(key).equals(lane.session))
      expect(own.map(({ value }) => Buffer.from(value))).toEqual(
        batches.filter((_, at) => at % 3 === i).map((bytes) => Buffer.from(bytes)),
      )
      for (const record of own) {
        expect(record.partition).toBe(partitionOf(lane.session, 0, 16, limits.logPartitions))
        expect(record.timestampMs).toBe(nowMs)
      }
    }
  })

  it('[GW5] keep the order of a session over many reads of the socket', async () => {
    test = await TestGateway.start()
    const tracker = await TestTracker.connect(test)
    const lane = new TestLane()
    const batches = lane.batches(1_500)
    tracker.send(...batches)
    await tracker.settle(1_500)
    const values = (await test.records()).map(({ value }) => Buffer.from(value))
    expect(values.length).toBe(1_500)
    for (const [i, value] of values.entries()) expect(value.equals(batches[i])).toBe(true)
  })

  it('[GW7] of a batch that was sent again over a new connection are two: the processor drops one', async () => {
    test = await TestGateway.start()
    const batch = new TestLane().batch()
    for (let i = 0; i < 2; i++) {
      const tracker = await TestTracker.connect(test)
      tracker.send(batch)
      await tracker.settle(1)
      tracker.close()
    }
    const values = (await test.records()).map(({ value }) => Buffer.from(value))
    expect(values).toEqual([Buffer.from(batch), Buffer.from(batch)])
  })
})

describe('settled', () => {
  it('[GW7] comes only when the log has said durable', async () => {
    test = await TestGateway.start()
    test.log.holding = true
    const tracker = await TestTracker.connect(test)
    tracker.send(...new TestLane().batches(limits.ackFramesMax * 2))
    tracker.text('settle')
    await expect.poll(() => test.log.heldCount).toBe(limits.ackFramesMax * 2)
    await new Promise((resolve) => setTimeout(resolve, limits.ackIntervalMs + 300))
    expect(tracker.settled).toBe(0)
    test.log.release()
    await tracker.until(() => tracker.settled === limits.ackFramesMax * 2)
  })

  it('[GW7] counts the longest prefix without a hole', async () => {
    test = await TestGateway.start()
    test.log.holding = true
    const tracker = await TestTracker.connect(test)
    tracker.send(...new TestLane().batches(3))
    await expect.poll(() => test.log.heldCount).toBe(3)
    test.log.release(1)
    test.log.release(1)
    tracker.text('settle')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(tracker.settled).toBe(0)
    test.log.release(0)
    await tracker.until(() => tracker.settled === 3)
    expect(tracker.texts.filter((text) => text.startsWith('settled'))).toEqual(['settled 3'])
  })

  it('[GW8] comes with 32 frames at once, and with fewer within about a second', async () => {
    test = await TestGateway.start()
    const tracker = await TestTracker.connect(test)
    const lane = new TestLane()
    const startedMs = performance.now()
    tracker.send(...lane.batches(limits.ackFramesMax))
    await tracker.until(() => tracker.settled === limits.ackFramesMax)
    expect(performance.now() - startedMs).toBeLessThan(limits.ackIntervalMs * 0.8)
    const laterMs = performance.now()
    tracker.send(...lane.batches(2))
    await tracker.until(() => tracker.settled === limits.ackFramesMax + 2)
    const tookMs = performance.now() - laterMs
    expect(tookMs).toBeGreaterThan(limits.ackIntervalMs * 0.5)
    expect(tookMs).toBeLessThan(limits.ackIntervalMs + 500)
  })

  it('[GW8] comes at once when asked for, also with nothing new to say', async () => {
    test = await TestGateway.start()
    const tracker = await TestTracker.connect(test)
    tracker.text('settle')
    await tracker.until(() => tracker.texts.includes('settled 0'))
    const startedMs = performance.now()
    tracker.send(new TestLane().batch())
    await tracker.settle(1)
    expect(performance.now() - startedMs).toBeLessThan(limits.ackIntervalMs * 0.8)
  })
})

describe('refusals', () => {
  it('[GW9] stand in their place among the durable, each once', async () => {
    test = await TestGateway.start()
    test.log.holding = true
    const tracker = await TestTracker.connect(test)
    const lane = new TestLane()
    const foreign = new TestLane(undefined, blog.id)
    tracker.send(lane.batch(), lane.batch().subarray(0, 60), lane.batch(), foreign.batch(), lane.batch())
    await expect.poll(() => test.log.heldCount).toBe(3)
    test.log.release(0)
    await tracker.settle(2)
    expect([...tracker.refused]).toEqual([[2, 'malformed']])
    test.log.release()
    await tracker.settle(5)
    expect([...tracker.refused]).toEqual([
      [2, 'malformed'],
      [4, 'unknown-site'],
    ])
    expect(await test.records()).toHaveLength(3)
  })

  it('[GW10] beyond the limit close with 1008, all told, and what was good before is settled', async () => {
    test = await TestGateway.start()
    const tracker = await TestTracker.connect(test)
    const lane = new TestLane()
    const poison = new Uint8Array(50)
    tracker.send(lane.batch())
    for (let i = 0; i <= limits.refusalsPerConnectionMax; i++) tracker.send(poison)
    tracker.send(lane.batch())
    expect(await tracker.closed).toEqual({ code: 1008, reason: 'policy' })
    expect(tracker.settled).toBe(limits.refusalsPerConnectionMax + 2)
    expect([...tracker.refused.keys()]).toEqual([2, 3, 4, 5, 6, 7])
    expect(await test.records()).toHaveLength(1)
  })

  it('[GW10] up to the limit are borne', async () => {
    test = await TestGateway.start()
    const tracker = await TestTracker.connect(test)
    for (let i = 0; i < limits.refusalsPerConnectionMax; i++) tracker.send(new Uint8Array(i))
    tracker.send(new TestLane().batch())
    await tracker.settle(limits.refusalsPerConnectionMax + 1)
    expect(tracker.refused.size).toBe(limits.refusalsPerConnectionMax)
  })
})

describe('a log that does not take or not keep', () => {
  it('[GW11] ends the connection at the batch that was not taken, with those before settled', async () => {
    test = await TestGateway.start()
    test.log.holding = true
    const tracker = await TestTracker.connect(test)
    const lane = new TestLane()
    tracker.send(...lane.batches(3))
    await expect.poll(() => test.log.heldCount).toBe(3)
    test.log.full = true
    tracker.send(lane.batch())
    await new Promise((resolve) => setTimeout(resolve, 100))
    test.log.full = false
    tracker.send(lane.batch())
    test.log.release()
    const { code, reason } = await tracker.closed
    expect(code).toBe(1013)
    expect(reason).toMatch(/^retry \d+$/)
    expect(tracker.settled).toBe(3)
    expect(await test.records()).toHaveLength(3)
  })

  it('[GW11] does not wait for ever for what came before', async () => {
    test = await TestGateway.start()
    test.log.holding = true
    const tracker = await TestTracker.connect(test)
    const lane = new TestLane()
    tracker.send(lane.batch())
    await expect.poll(() => test.log.heldCount).toBe(1)
    test.log.full = true
    tracker.send(lane.batch())
    const startedMs = performance.now()
    expect((await tracker.closed).code).toBe(1013)
    expect(performance.now() - startedMs).toBeLessThan(limits.endingMsMax + 2_000)
    expect(tracker.settled).toBe(0)
  })

  it('[GW12] ends the connection at a batch whose append failed, though later ones are durable', async () => {
    test = await TestGateway.start()
    test.log.holding = true
    const lane = new TestLane()
    const batches = lane.batches(4)
    test.log.fault = (value) => (Buffer.from(value).equals(batches[2]) ? new Error('delivery timeout') : null)
    const tracker = await TestTracker.connect(test)
    tracker.send(...batches)
    await expect.poll(() => test.log.heldCount).toBe(4)
    test.log.release(3)
    test.log.release(2)
    test.log.release()
    const { code, reason } = await tracker.closed
    expect(code).toBe(1013)
    expect(reason).toMatch(/^retry \d+$/)
    expect(tracker.settled).toBe(2)
  })

  it('[GW12] gets the unsettled batches again over a new connection', async () => {
    test = await TestGateway.start()
    const lane = new TestLane()
    const batches = lane.batches(2)
    test.log.fault = () => new Error('delivery timeout')
    const first = await TestTracker.connect(test)
    first.send(...batches)
    expect((await first.closed).code).toBe(1013)
    expect(first.settled).toBe(0)
    test.log.fault = () => null
    const second = await TestTracker.connect(test)
    second.send(...batches)
    await second.settle(2)
  })

  it('[GW13] closes a connection that has too much unsettled with 4008 and a delay', async () => {
    test = await TestGateway.start({ config: { connectionFramesBurstMax: 10_000 } })
    test.log.holding = true
    const tracker = await TestTracker.connect(test)
    const lane = new TestLane()
    for (let i = 0; i <= limits.unsettledFramesPerConnectionMax; i++) tracker.send(lane.batch(1))
    await expect.poll(() => test.log.heldCount).toBe(limits.unsettledFramesPerConnectionMax)
    await new Promise((resolve) => setTimeout(resolve, 100))
    test.log.release()
    const { code, reason } = await tracker.closed
    expect(code).toBe(4008)
    expect(reason).toMatch(/^rate \d+$/)
    expect(tracker.settled).toBe(limits.unsettledFramesPerConnectionMax)
  })
})
