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

/** Rules EL10 to EL13: assignment, starting offsets, what onRecords is given. */
export function consumeRules(factory: EventLogFactory): void {
  let harness: EventLogHarness
  let log: EventLog
  beforeEach(async () => {
    harness = await factory()
    log = await harness.open()
  })
  afterEach(() => harness.destroy())

  assignmentRules(() => log)
  recordRules(() => log)
}

function assignmentRules(current: () => EventLog): void {
  test('[EL10] a single member is assigned every partition, and nothing is read before onAssign has ended', async () => {
    const log = current()
    await appendNumbered(log, 0, 0, 10)
    const recorder = new ConsumptionRecorder()
    recorder.onAssign = async (partitions) => {
      await pause(300)
      return new Map(partitions.map((partition) => [partition, 0]))
    }
    const consumption = await recorder.start(log)
    await until('10 records read', () => recorder.read(0).length >= 10)
    const all = numbers(0, log.partitions)
    expect(recorder.steps.slice(0, 3)).toEqual([`assign ${all.join(',')}`, 'assigned', 'records 0'])
    expect(consumption.assigned().sort((a, b) => a - b)).toEqual(all)
    await consumption.stop()
    expect(consumption.assigned()).toEqual([])
  })

  test('[EL11] reading begins at exactly the offset that onAssign answered', async () => {
    const log = current()
    await appendNumbered(log, 0, 0, 30)
    await appendNumbered(log, 1, 0, 30)
    await appendNumbered(log, 2, 0, 30)
    const recorder = new ConsumptionRecorder()
    recorder.from = new Map([
      [0, 0],
      [1, 17],
      [2, 30],
    ])
    await recorder.start(log)
    await until('all read', () => recorder.read(0).length >= 30 && recorder.read(1).length >= 13)
    await appendNumbered(log, 2, 30, 1)
    await until('the record behind the end read', () => recorder.read(2).length >= 1)
    expect(recorder.numbers(0)).toEqual(numbers(0, 30))
    expect(recorder.numbers(1)).toEqual(numbers(17, 13))
    expect(recorder.numbers(2)).toEqual([30])
    expect(recorder.read(1)[0].offset).toBe(17)
    expect(recorder.outOfRange).toEqual([])
  })

  test('[EL11] a partition that the answer leaves out is not read until it is sought', async () => {
    const log = current()
    await appendNumbered(log, 0, 0, 5)
    await appendNumbered(log, 1, 0, 5)
    const recorder = new ConsumptionRecorder()
    recorder.onAssign = async (partitions) =>
      new Map(partitions.filter((partition) => partition !== 1).map((partition) => [partition, 0]))
    const consumption = await recorder.start(log)
    await until('partition 0 read', () => recorder.read(0).length >= 5)
    await pause(300)
    expect(recorder.read(1)).toEqual([])
    consumption.seek(1, 2)
    await until('partition 1 read', () => recorder.read(1).length >= 3)
    expect(recorder.numbers(1)).toEqual([2, 3, 4])
  })

  test('[EL11] the position recorded for lag tools never decides where reading begins', async () => {
    const log = current()
    await appendNumbered(log, 0, 0, 20)
    const first = new ConsumptionRecorder('same-group')
    const consumption = await first.start(log)
    await until('20 records read', () => first.read(0).length >= 20)
    await consumption.recordPosition(new Map([[0, 20]]))
    await consumption.stop()
    const second = new ConsumptionRecorder('same-group')
    second.from = new Map([[0, 5]])
    await second.start(log)
    await until('15 records read again', () => second.read(0).length >= 15)
    expect(second.numbers(0)).toEqual(numbers(5, 15))
  })
}

function recordRules(current: () => EventLog): void {
  test('[EL12] a backlog over all partitions arrives once, in order, at contiguous offsets', async () => {
    const log = current()
    const perPartition = 500
    const all = numbers(0, log.partitions)
    await Promise.all(all.map((partition) => appendNumbered(log, partition, 0, perPartition)))
    const recorder = new ConsumptionRecorder()
    await recorder.start(log)
    const total = () => all.reduce((sum, partition) => sum + recorder.read(partition).length, 0)
    await until('the whole backlog read', () => total() >= perPartition * all.length)
    await pause(100)
    for (const partition of all) {
      expect(recorder.numbers(partition)).toEqual(numbers(0, perPartition))
      expect(recorder.read(partition).map((record) => record.offset)).toEqual(numbers(0, perPartition))
    }
    expect(recorder.calls.every((call) => call.offsets.length > 0)).toBe(true)
  })

  test('[EL12] records appended while consuming arrive within 2 s, between others of a backlog', async () => {
    const log = current()
    await appendNumbered(log, 0, 0, 300)
    const recorder = new ConsumptionRecorder()
    await recorder.start(log)
    for (let round = 0; round < 20; round++) {
      await appendNumbered(log, 0, 300 + round * 10, 10)
      await pause(5)
    }
    await until('500 records read', () => recorder.read(0).length >= 500, 10_000)
    expect(recorder.numbers(0)).toEqual(numbers(0, 500))
    const sentAt = performance.now()
    await appendOne(log, 7, bytesOf('1'))
    await until('one record read', () => recorder.read(7).length >= 1)
    expect(performance.now() - sentAt).toBeLessThan(2_000)
  })

  test('[EL13] endOffset is at least the offset after the last record, and tells a backlog', async () => {
    const log = current()
    await appendNumbered(log, 0, 0, 3_000)
    const recorder = new ConsumptionRecorder()
    await recorder.start(log)
    await until('3,000 records read', () => recorder.read(0).length >= 3_000)
    for (const call of recorder.calls) expect(call.endOffset).toBeGreaterThan(call.offsets.at(-1) ?? -1)
    expect(recorder.calls[0].endOffset).toBe(3_000)
    expect(recorder.calls.at(-1)?.endOffset).toBe(3_000)
  })
}
