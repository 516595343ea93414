import { afterEach, describe, expect, it } from 'vitest'
import { BackPressure, type Pausable } from './back-pressure.ts'
import { newCounters } from './gateway-counters.ts'
import { TestGateway } from './test-gateway.ts'
import { TestLane, TestTracker } from './test-tracker.ts'

class Reading implements Pausable {
  reading = true
  pauseReading(): void {
    this.reading = false
  }
  resumeReading(): void {
    this.reading = true
  }
}

function underTest() {
  const log = { records: 0, bytes: 0, pending: () => ({ records: log.records, bytes: log.bytes }) }
  const counters = newCounters()
  return { log, counters, pressure: new BackPressure(log, 1_000, 1_000_000, counters) }
}

describe('thresholds', () => {
  it('[GW21] are half of the records or bytes to pause, and a quarter to go on', () => {
    const { log, counters, pressure } = underTest()
    const connection = new Reading()
    const isOver = () => (pressure.look(), pressure.note())
    log.records = 500
    expect(isOver()).toBe(false)
    log.records = 501
    expect(isOver()).toBe(true)
    pressure.hold(connection)
    log.records = 250
    expect(isOver()).toBe(true)
    expect(connection.reading).toBe(false)
    log.records = 249
    expect(isOver()).toBe(false)
    expect(connection.reading).toBe(true)
    log.bytes = 500_001
    expect(isOver()).toBe(true)
    expect(counters.pauses).toBe(2)
    expect(counters.socketsPaused).toBe(1)
  })

  it('[GW21] are noticed within a few hundred frames', () => {
    const { log, pressure } = underTest()
    log.records = 1_000
    let frames = 0
    while (!pressure.note()) frames++
    expect(frames).toBeLessThan(300)
  })

  it('[GW21] forget a connection that is gone', () => {
    const { log, pressure } = underTest()
    log.records = 1_000
    pressure.look()
    const connection = new Reading()
    pressure.hold(connection)
    pressure.release(connection)
    log.records = 0
    pressure.look()
    expect(connection.reading).toBe(false)
  })
})

describe('in a gateway', () => {
  let test: TestGateway
  afterEach(() => test.stop())

  it('[GW21] a log that is behind stops the reading of sockets that send, and nothing is lost', async () => {
    test = await TestGateway.start({
      config: { pendingRecordsMax: 1_000, connectionFramesBurstMax: 100_000, heartbeatMs: 1_000 },
    })
    const trackers = await Promise.all(Array.from({ length: 4 }, () => TestTracker.connect(test)))
    const batches = trackers.map(() => new TestLane().batches(2_000))
    test.log.pendingRecords = 600
    const sending = setInterval(() => {
      for (const [i, tracker] of trackers.entries()) {
        const batch = batches[i].shift()
        if (batch !== undefined) tracker.send(batch)
      }
    }, 1)
    await expect.poll(() => test.gateway.counters.socketsPaused).toBe(4)
    // Longer than heartbeats are missed: a paused connection is not taken for dead.
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    const appended = test.log.appended
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(test.log.appended).toBe(appended)
    expect(test.gateway.connections).toBe(4)
    test.log.pendingRecords = 0
    await expect.poll(() => batches.every((left) => left.length === 0), { timeout: 10_000 }).toBe(true)
    clearInterval(sending)
    for (const tracker of trackers) await tracker.settle(2_000)
    expect(await test.records()).toHaveLength(8_000)
  }, 20_000)

  it('[GW21] [GW22] a paused gateway still drains', async () => {
    test = await TestGateway.start({ config: { pendingRecordsMax: 1_000 } })
    const tracker = await TestTracker.connect(test)
    test.log.pendingRecords = 600
    await expect
      .poll(() => {
        tracker.send(new TestLane(new Uint8Array(16).fill(1)).batch())
        return test.gateway.counters.socketsPaused
      })
      .toBe(1)
    await test.gateway.drain()
    expect((await tracker.closed).code).toBe(1012)
    expect(tracker.settled).toBe((await test.records()).length)
  })
})
