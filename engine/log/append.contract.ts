import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  appendNumbered,
  appendOne,
  bytesOf,
  ConsumptionRecorder,
  numbers,
  pause,
  until,
} from './contract-records.ts'
import type { EventLogFactory, EventLogHarness } from './event-log.contract.ts'
import type { EventLog } from './event-log.ts'

/** Rules EL1 to EL9: what append promises. */
export function appendRules(factory: EventLogFactory): void {
  let harness: EventLogHarness
  let log: EventLog
  beforeEach(async () => {
    harness = await factory()
    log = await harness.open()
  })
  afterEach(() => harness.destroy())

  identityRules(factory, () => ({ harness, log }))
  settlingRules(() => ({ harness, log }))
  contentRules(() => ({ harness, log }))
  pendingRules(() => harness)
}

type Current = () => { harness: EventLogHarness; log: EventLog }

function identityRules(factory: EventLogFactory, current: Current): void {
  test('[EL1] the number of partitions is a positive integer and the same in every handle', async () => {
    const { harness, log } = current()
    expect(Number.isInteger(log.partitions) && log.partitions > 0).toBe(true)
    const partitions = log.partitions
    expect((await harness.reopen(log)).partitions).toBe(partitions)
  })

  test('[EL1] the identity survives a restart and differs from that of another log', async () => {
    const { harness, log } = current()
    const identity = await log.identity()
    expect(identity.length).toBeGreaterThan(0)
    expect(await (await harness.reopen(log)).identity()).toBe(identity)
    const other = await factory()
    try {
      expect(await (await other.open()).identity()).not.toBe(identity)
    } finally {
      await other.destroy()
    }
  })

  test('[EL2] an empty partition is bounded by 0 and 0, and the end follows each append', async () => {
    const { harness, log } = current()
    expect(await log.bounds(1)).toEqual({ start: 0, end: 0 })
    await appendNumbered(log, 1, 0, 7)
    expect(await log.bounds(1)).toEqual({ start: 0, end: 7 })
    expect(await log.bounds(2)).toEqual({ start: 0, end: 0 })
    await harness.trim(1, 3)
    expect(await log.bounds(1)).toEqual({ start: 3, end: 7 })
  })

  test('[EL2] bounds outlive a restart, also when all records are gone', async () => {
    const { harness, log } = current()
    await appendNumbered(log, 0, 0, 5)
    await harness.trim(0, 5)
    const again = await harness.reopen(log)
    expect(await again.bounds(0)).toEqual({ start: 5, end: 5 })
    expect(await appendNumbered(again, 0, 5, 2)).toEqual([5, 6])
  })
}

function settlingRules(current: Current): void {
  test('[EL3] settles each record once, never inside append, with ascending contiguous offsets per partition', async () => {
    const { log } = current()
    const settled: { partition: number; offset: number }[] = []
    let inside = false
    for (let i = 0; i < 300; i++) {
      inside = true
      const partition = i % 3
      const taken = log.append(partition, bytesOf('k'), bytesOf(String(i)), 1, (error, offset) => {
        expect(error).toBeNull()
        expect(inside).toBe(false)
        settled.push({ partition, offset })
      })
      inside = false
      expect(taken).toBe(true)
    }
    await until('300 records settled', () => settled.length >= 300)
    await pause(100)
    expect(settled).toHaveLength(300)
    for (const partition of [0, 1, 2]) {
      const offsets = settled.filter((one) => one.partition === partition).map((one) => one.offset)
      expect(offsets).toEqual(numbers(0, 100))
    }
  })

  test('[EL4] a settled record is visible to a stranger at that moment', async () => {
    const { harness, log } = current()
    for (let round = 1; round <= 5; round++) {
      await appendNumbered(log, 4, 0, 10)
      expect(await harness.observedEnd(4)).toBeGreaterThanOrEqual(round * 10)
    }
  })

  test('[EL4] all settled records are there after a restart, at the offsets they were settled with', async () => {
    const { harness, log } = current()
    const first = await appendNumbered(log, 0, 0, 50)
    const again = await harness.reopen(log)
    const second = await appendNumbered(again, 0, 50, 50)
    const recorder = new ConsumptionRecorder()
    await recorder.start(again)
    await until('100 records read', () => recorder.read(0).length >= 100)
    expect(recorder.numbers(0)).toEqual(numbers(0, 100))
    expect(recorder.read(0).map((record) => record.offset)).toEqual([...first, ...second])
  })

  test('[EL5] the log keeps the order of append within a partition', async () => {
    const { log } = current()
    const appends: Promise<unknown>[] = []
    for (let i = 0; i < 2_000; i++) {
      appends.push(appendOne(log, i % log.partitions, bytesOf(String(i))))
      if (i % 250 === 0) await pause(2)
    }
    await Promise.all(appends)
    const recorder = new ConsumptionRecorder()
    await recorder.start(log)
    const count = () => numbers(0, log.partitions).reduce((sum, p) => sum + recorder.read(p).length, 0)
    await until('2,000 records read', () => count() >= 2_000)
    for (const partition of numbers(0, log.partitions)) {
      const expected = numbers(0, 2_000).filter((i) => i % log.partitions === partition)
      expect(recorder.numbers(partition)).toEqual(expected)
    }
  })
}

function contentRules(current: Current): void {
  test('[EL6] keys and values come back byte for byte, at every length, in every handle', async () => {
    const { harness, log } = current()
    const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i)
    const large = Uint8Array.from({ length: 16_384 }, (_, i) => (i * 31) & 255)
    const pairs: [Uint8Array, Uint8Array][] = [
      [everyByte, everyByte.slice().reverse()],
      [new Uint8Array(0), bytesOf('value without key')],
      [bytesOf('key without value'), new Uint8Array(0)],
      [new Uint8Array(16), large],
      [everyByte.subarray(100, 116), large.subarray(5_000, 5_040)],
    ]
    for (const [key, value] of pairs) await appendOne(log, 2, value, key)
    const expected = pairs.map(([key, value]) => [[...key], [...value]])
    for (let handle = log, round = 0; round < 2; round++, handle = await harness.reopen(handle)) {
      const recorder = new ConsumptionRecorder()
      const consumption = await recorder.start(handle)
      await until('all pairs read', () => recorder.read(2).length >= pairs.length)
      expect(recorder.read(2).map((record) => [[...record.key], [...record.value]])).toEqual(expected)
      await consumption.stop()
    }
  })

  test('[EL7] timestamps come back exactly, whatever the order they stand in', async () => {
    const { log } = current()
    const stamps = [1_700_000_000_123, 1_500_000_000_001, 1_900_000_000_999, 1, 1_700_000_000_123]
    for (const stamp of stamps) await appendOne(log, 3, bytesOf('x'), bytesOf('k'), stamp)
    const recorder = new ConsumptionRecorder()
    await recorder.start(log)
    await until('all stamps read', () => recorder.read(3).length >= stamps.length)
    expect(recorder.read(3).map((record) => record.timestampMs)).toEqual(stamps)
  })
}

function pendingRules(current: () => EventLogHarness): void {
  test('[EL8] beyond the limit of pending records append answers false, and takes records again afterwards', async () => {
    const log = await current().open({ pendingRecordsMax: 20 })
    const settled: number[] = []
    let taken = 0
    for (let i = 0; i < 50; i++) {
      if (log.append(0, bytesOf('k'), bytesOf(String(i)), 1, (error) => settled.push(error ? -2 : i))) taken++
    }
    expect(taken).toBe(20)
    expect(log.pending().records).toBe(20)
    await until('20 records settled', () => settled.length >= 20)
    expect(settled).toEqual(numbers(0, 20))
    expect(log.pending()).toEqual({ records: 0, bytes: 0 })
    await appendOne(log, 0, bytesOf('after'))
    expect((await log.bounds(0)).end).toBe(21)
  })

  test('[EL8] beyond the limit of pending bytes append answers false; bytes are those of keys and values', async () => {
    const log = await current().open({ pendingBytesMax: 10_000 })
    const settles: Promise<number>[] = []
    for (let i = 0; i < 20; i++) settles.push(appendOne(log, 0, new Uint8Array(990), new Uint8Array(10)))
    expect(log.pending().bytes).toBe(10_000)
    const outcomes = await Promise.allSettled(settles)
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(10)
    expect((await log.bounds(0)).end).toBe(10)
    expect(log.pending()).toEqual({ records: 0, bytes: 0 })
  })

  test('[EL9] close settles what is pending; afterwards append answers false', async () => {
    const harness = current()
    const log = await harness.open()
    const before = await harness.observedEnd(5)
    let settled = 0
    for (let i = 0; i < 200; i++)
      log.append(5, bytesOf('k'), bytesOf(String(i)), 1, (error) => void (error ?? settled++))
    await log.close()
    expect(settled).toBe(200)
    expect(log.append(5, bytesOf('k'), bytesOf('late'), 1, () => {})).toBe(false)
    expect(await harness.observedEnd(5)).toBe(before + 200)
    await log.close()
  })
}
