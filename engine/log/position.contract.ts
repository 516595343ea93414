import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendNumbered, ConsumptionRecorder, numbers, pause, until } from './contract-records.ts'
import type { EventLogFactory, EventLogHarness } from './event-log.contract.ts'
import type { EventLog } from './event-log.ts'

/** Rules EL17 and EL18: seeking, and offsets that the log doesn't hold. */
export function positionRules(factory: EventLogFactory): void {
  let harness: EventLogHarness
  let log: EventLog
  beforeEach(async () => {
    harness = await factory()
    log = await harness.open()
  })
  afterEach(() => harness.destroy())

  seekRules(() => log)
  rangeRules(() => ({ harness, log }))
}

function seekRules(current: () => EventLog): void {
  test('[EL17] after seek only records from the new offset on arrive, backwards and forwards', async () => {
    const log = current()
    await appendNumbered(log, 0, 0, 40)
    const recorder = new ConsumptionRecorder()
    recorder.from = new Map([[0, 30]])
    const consumption = await recorder.start(log)
    await until('10 records read', () => recorder.read(0).length >= 10)
    consumption.seek(0, 10)
    await until('30 more read', () => recorder.read(0).length >= 40)
    expect(recorder.numbers(0)).toEqual([...numbers(30, 10), ...numbers(10, 30)])
    consumption.seek(0, 38)
    await until('2 more read', () => recorder.read(0).length >= 42)
    expect(recorder.numbers(0).slice(40)).toEqual([38, 39])
    await appendNumbered(log, 0, 40, 2)
    await until('2 new ones read', () => recorder.read(0).length >= 44)
    expect(recorder.numbers(0).slice(42)).toEqual([40, 41])
  })

  test('[EL17] seek while the handler is at work takes effect when its promise has resolved', async () => {
    const log = current()
    await appendNumbered(log, 0, 0, 20)
    const recorder = new ConsumptionRecorder()
    const gate = Promise.withResolvers<void>()
    let held = false
    recorder.onRecords = () => {
      if (held) return undefined
      held = true
      return gate.promise
    }
    const consumption = await recorder.start(log)
    await until('first call', () => held)
    const before = recorder.read(0).length
    consumption.seek(0, 15)
    await pause(100)
    expect(recorder.calls).toHaveLength(1)
    gate.resolve()
    await until('5 records from 15 on read', () => recorder.read(0).length >= before + 5)
    await pause(100)
    expect(recorder.numbers(0).slice(before)).toEqual(numbers(15, 5))
  })

  test('[EL17] of two seeks the last one holds: nothing of the first arrives afterwards', async () => {
    const log = current()
    await appendNumbered(log, 0, 0, 40)
    const recorder = new ConsumptionRecorder()
    recorder.from = new Map([[0, 40]])
    const consumption = await recorder.start(log)
    await until('assigned', () => recorder.steps.includes('assigned'))
    for (let round = 1; round <= 10; round++) {
      consumption.seek(0, 10)
      if (round % 2 === 0) await pause(round / 2)
      const before = recorder.read(0).length
      consumption.seek(0, 30)
      await until('10 more read', () => recorder.read(0).length >= before + 10)
      expect(recorder.numbers(0).slice(before)).toEqual(numbers(30, 10))
    }
  })

  test('[EL17] seek while records are being appended loses and doubles none behind the new offset', async () => {
    const log = current()
    await appendNumbered(log, 0, 0, 100)
    const recorder = new ConsumptionRecorder()
    const consumption = await recorder.start(log)
    const appends = Promise.all(numbers(0, 30).map((round) => appendNumbered(log, 0, 100 + round * 10, 10)))
    await until('something read', () => recorder.read(0).length > 0)
    const marker = recorder.read(0).length
    consumption.seek(0, 50)
    await appends
    await until('the end read', () => recorder.numbers(0).slice(marker).at(-1) === 399)
    expect(recorder.numbers(0).slice(marker)).toEqual(numbers(50, 350))
  })
}

function rangeRules(current: () => { harness: EventLogHarness; log: EventLog }): void {
  test('[EL18] below the start: asks with wanted, start and end, and goes on at the answer', async () => {
    const { harness, log } = current()
    await appendNumbered(log, 0, 0, 30)
    await harness.trim(0, 20)
    const recorder = new ConsumptionRecorder()
    recorder.from = new Map([[0, 5]])
    recorder.onOutOfRange = async (_partition, _wanted, start) => start
    await recorder.start(log)
    await until('10 records read', () => recorder.read(0).length >= 10)
    expect(recorder.outOfRange).toEqual([{ partition: 0, wanted: 5, start: 20, end: 30 }])
    expect(recorder.numbers(0)).toEqual(numbers(20, 10))
  })

  test('[EL18] above the end: without an answer that partition stays stopped, others go on, seek starts it', async () => {
    const { log } = current()
    await appendNumbered(log, 0, 0, 10)
    const recorder = new ConsumptionRecorder()
    recorder.from = new Map([[0, 500]])
    const consumption = await recorder.start(log)
    await until('asked', () => recorder.outOfRange.length >= 1)
    await appendNumbered(log, 0, 10, 10)
    await appendNumbered(log, 1, 0, 10)
    await until('partition 1 read', () => recorder.read(1).length >= 10)
    await pause(300)
    expect(recorder.outOfRange).toEqual([{ partition: 0, wanted: 500, start: 0, end: 10 }])
    expect(recorder.read(0)).toEqual([])
    consumption.seek(0, 8)
    await until('12 records read', () => recorder.read(0).length >= 12)
    expect(recorder.numbers(0)).toEqual(numbers(8, 12))
  })

  test('[EL18] the end itself is in range: the next record is the one that is awaited', async () => {
    const { log } = current()
    await appendNumbered(log, 0, 0, 10)
    const recorder = new ConsumptionRecorder()
    recorder.from = new Map([[0, 10]])
    await recorder.start(log)
    await until('assigned', () => recorder.steps.includes('assigned'))
    await pause(300)
    expect(recorder.outOfRange).toEqual([])
    await appendNumbered(log, 0, 10, 1)
    await until('1 record read', () => recorder.read(0).length >= 1)
    expect(recorder.numbers(0)).toEqual([10])
  })

  test('[EL18] an onOutOfRange that rejects ends the consumption with that error', async () => {
    const { log } = current()
    const recorder = new ConsumptionRecorder()
    recorder.from = new Map([[2, 99]])
    recorder.onOutOfRange = async () => {
      throw new Error('state is ahead of the log')
    }
    const consumption = await recorder.start(log)
    await expect(consumption.ended).rejects.toThrow('state is ahead of the log')
    await consumption.stop()
  })
}
