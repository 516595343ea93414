import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendNumbered, ConsumptionRecorder, numbers, pause, textOf, until } from './contract-records.ts'
import type { EventLogFactory, EventLogHarness } from './event-log.contract.ts'
import type { EventLog } from './event-log.ts'

/** Rules EL14 to EL16: promises of the handler, its failure, stopping. */
export function backPressureRules(factory: EventLogFactory): void {
  let harness: EventLogHarness
  let log: EventLog
  beforeEach(async () => {
    harness = await factory()
    log = await harness.open()
  })
  afterEach(() => harness.destroy())

  promiseRules(() => log)
  failureRules(() => log)
  stopRules(() => log)
}

function promiseRules(current: () => EventLog): void {
  test('[EL14] a promise from onRecords holds back that partition only', async () => {
    const log = current()
    const recorder = new ConsumptionRecorder()
    const gate = Promise.withResolvers<void>()
    recorder.onRecords = (partition) => (partition === 0 ? gate.promise : undefined)
    await recorder.start(log)
    await appendNumbered(log, 0, 0, 1)
    await until('partition 0 held', () => recorder.calls.length === 1)
    await appendNumbered(log, 0, 1, 50)
    await appendNumbered(log, 1, 0, 50)
    await until('partition 1 read', () => recorder.read(1).length >= 50)
    await pause(300)
    expect(recorder.calls.filter((call) => call.partition === 0)).toHaveLength(1)
    gate.resolve()
    await until('partition 0 read', () => recorder.read(0).length >= 51)
    expect(recorder.numbers(0)).toEqual(numbers(0, 51))
  })

  test('[EL14] the bytes of records stay as they are until the promise has resolved', async () => {
    const log = current()
    const recorder = new ConsumptionRecorder()
    let before: string[] = []
    let after: string[] = []
    recorder.onRecords = async (partition, records) => {
      if (partition !== 0 || records[0].offset === 0) return
      const texts = () => records.map((record) => `${textOf(record.key)} ${textOf(record.value)}`)
      before = texts()
      await until('much else appended', () => recorder.read(1).length >= 1_500)
      after = texts()
    }
    await recorder.start(log)
    await appendNumbered(log, 0, 0, 1)
    await until('reading is up to date', () => recorder.read(0).length === 1)
    await pause(50)
    await appendNumbered(log, 0, 1, 20)
    await until('partition 0 held', () => before.length > 0)
    for (let round = 0; round < 30; round++) await appendNumbered(log, 1, round * 50, 50)
    await until('partition 0 handled', () => after.length > 0)
    expect(after).toEqual(before)
  })

  test('[EL14] calls for one partition never overlap, and none is lost, when every call takes its time', async () => {
    const log = current()
    const recorder = new ConsumptionRecorder()
    const busy = new Map<number, number>()
    let overlaps = 0
    recorder.onRecords = async (partition) => {
      if (busy.get(partition)) overlaps++
      busy.set(partition, 1)
      await pause(partition * 3)
      busy.set(partition, 0)
    }
    await recorder.start(log)
    for (let round = 0; round < 20; round++) {
      for (const partition of [0, 1, 2]) await appendNumbered(log, partition, round * 10, 10)
    }
    await until('all read', () => [0, 1, 2].every((partition) => recorder.read(partition).length >= 200))
    for (const partition of [0, 1, 2]) expect(recorder.numbers(partition)).toEqual(numbers(0, 200))
    expect(overlaps).toBe(0)
  })
}

function failureRules(current: () => EventLog): void {
  test('[EL15] a rejected onRecords ends the consumption with that error; stop still drains', async () => {
    const log = current()
    const recorder = new ConsumptionRecorder()
    recorder.onRecords = async (partition) => {
      if (partition === 3) throw new Error('handler failed')
    }
    const consumption = await recorder.start(log)
    await appendNumbered(log, 3, 0, 5)
    await expect(consumption.ended).rejects.toThrow('handler failed')
    const calls = recorder.calls.filter((call) => call.partition === 3).length
    await appendNumbered(log, 3, 5, 5)
    await pause(200)
    expect(recorder.calls.filter((call) => call.partition === 3)).toHaveLength(calls)
    await consumption.stop()
    expect(recorder.steps.filter((step) => step === 'revoked')).toHaveLength(1)
  })

  test('[EL15] an onRecords that throws is the same as one that rejects', async () => {
    const log = current()
    const recorder = new ConsumptionRecorder()
    recorder.onRecords = () => {
      throw new Error('handler threw')
    }
    const consumption = await recorder.start(log)
    await appendNumbered(log, 0, 0, 1)
    await expect(consumption.ended).rejects.toThrow('handler threw')
    await consumption.stop()
  })

  test('[EL15] a rejected onAssign ends the consumption with that error', async () => {
    const log = current()
    const recorder = new ConsumptionRecorder()
    recorder.onAssign = async () => {
      throw new Error('claim failed')
    }
    await appendNumbered(log, 0, 0, 1)
    const consumption = await recorder.start(log)
    await expect(consumption.ended).rejects.toThrow('claim failed')
    expect(recorder.calls).toEqual([])
    await consumption.stop()
  })
}

function stopRules(current: () => EventLog): void {
  test('[EL16] stop awaits onRevoke with all partitions, reads nothing afterwards, and ended resolves', async () => {
    const log = current()
    const recorder = new ConsumptionRecorder()
    recorder.onRevoke = () => pause(300)
    const consumption = await recorder.start(log)
    await appendNumbered(log, 0, 0, 5)
    await until('5 records read', () => recorder.read(0).length >= 5)
    const stopped = consumption.stop()
    await until('onRevoke begun', () =>
      recorder.steps.includes(`revoke ${numbers(0, log.partitions).join(',')}`),
    )
    await appendNumbered(log, 0, 5, 5)
    expect(recorder.steps).not.toContain('revoked')
    await stopped
    expect(recorder.steps.at(-1)).toBe('revoked')
    await consumption.ended
    await pause(200)
    expect(recorder.numbers(0)).toEqual(numbers(0, 5))
    await consumption.stop()
    expect(recorder.steps.filter((step) => step === 'revoked')).toHaveLength(1)
  })

  test('[EL16] a stopped consumption leaves the group: the next one begins at once', async () => {
    const log = current()
    await appendNumbered(log, 0, 0, 5)
    for (let round = 0; round < 3; round++) {
      const recorder = new ConsumptionRecorder('one-group', 'one-member')
      const consumption = await recorder.start(log)
      await until('5 records read', () => recorder.read(0).length >= 5, 5_000)
      await consumption.stop()
    }
  })

  test('[EL16] closing the log stops its consumptions, with onRevoke', async () => {
    const log = current()
    const recorder = new ConsumptionRecorder()
    const consumption = await recorder.start(log)
    await until('assigned', () => recorder.steps.includes('assigned'))
    await log.close()
    expect(recorder.steps.at(-1)).toBe('revoked')
    await consumption.ended
  })
}
