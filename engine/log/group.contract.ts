import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendNumbered, ConsumptionRecorder, numbers, pause, until } from './contract-records.ts'
import type { EventLogFactory, EventLogHarness, EventLogTraits } from './event-log.contract.ts'
import type { EventLog } from './event-log.ts'

/** Rule EL19: members of one group share the partitions; where there can be one only, a second is refused. */
export function groupRules(factory: EventLogFactory, traits: EventLogTraits): void {
  let harness: EventLogHarness
  let log: EventLog
  beforeEach(async () => {
    harness = await factory()
    log = await harness.open()
  })
  afterEach(() => harness.destroy())

  if (traits.members === 'many') manyMemberRules(() => ({ harness, log }))
  else oneMemberRule(() => log, traits.members.oneBecause)

  test('[EL19] two groups read the same records independently', async () => {
    await appendNumbered(log, 0, 0, 10)
    const first = new ConsumptionRecorder()
    const second = new ConsumptionRecorder()
    second.from = new Map([[0, 4]])
    await first.start(log)
    await second.start(log)
    await until('both have read', () => first.read(0).length >= 10 && second.read(0).length >= 6)
    expect(first.numbers(0)).toEqual(numbers(0, 10))
    expect(second.numbers(0)).toEqual(numbers(4, 6))
  })
}

function oneMemberRule(current: () => EventLog, reason: string): void {
  test(`[EL19] a second member of a group is refused and leaves the first alone (one member because ${reason})`, async () => {
    const log = current()
    const first = new ConsumptionRecorder('one-group', 'member-a')
    await first.start(log)
    const second = new ConsumptionRecorder('one-group', 'member-b')
    await expect(second.start(log)).rejects.toThrow(/one-group.*member-a/)
    await appendNumbered(log, 0, 0, 5)
    await until('5 records read', () => first.read(0).length >= 5)
    expect(second.steps).toEqual([])
  })
}

function manyMemberRules(current: () => { harness: EventLogHarness; log: EventLog }): void {
  test('[EL19] a second member gets its share only after onRevoke of the first has ended', async () => {
    const { harness, log } = current()
    const all = numbers(0, log.partitions)
    const first = new ConsumptionRecorder('one-group', 'member-a')
    const second = new ConsumptionRecorder('one-group', 'member-b')
    first.onRevoke = () => pause(500)
    const sharedAtAssign: number[] = []
    second.onAssign = async (partitions) => {
      for (const partition of partitions) if (first.owned.has(partition)) sharedAtAssign.push(partition)
      return new Map(partitions.map((partition) => [partition, 0]))
    }
    const consumption = await first.start(log)
    await until('the first has all', () => first.owned.size === all.length)
    const other = await second.start(await harness.open())
    await until(
      'shared out',
      () => second.owned.size > 0 && first.owned.size + second.owned.size === all.length,
    )
    expect(sharedAtAssign).toEqual([])
    expect([...first.owned, ...second.owned].sort((a, b) => a - b)).toEqual(all)
    expect(new Set(consumption.assigned())).toEqual(first.owned)
    expect(new Set(other.assigned())).toEqual(second.owned)
    await other.stop()
    await until('the first has all again', () => first.owned.size === all.length)
  })

  test('[EL19] members come and go while records flow: each owner reads on from the offset it is given', async () => {
    const { harness, log } = current()
    const all = numbers(0, log.partitions)
    const positions = new Map(all.map((partition) => [partition, 0]))
    const seen = all.map((): number[] => [])
    const member = (name: string): ConsumptionRecorder => {
      const recorder = new ConsumptionRecorder('one-group', name)
      recorder.onAssign = async (partitions) => new Map(partitions.map((p) => [p, positions.get(p) ?? 0]))
      recorder.onRecords = (partition, records) => {
        for (const record of records) seen[partition].push(record.offset)
        positions.set(partition, (records.at(-1)?.offset ?? -1) + 1)
        return undefined
      }
      return recorder
    }
    const first = await member('member-a').start(log)
    let appended = 0
    const appendRound = async () => {
      await Promise.all(all.map((partition) => appendNumbered(log, partition, appended, 20)))
      appended += 20
    }
    await appendRound()
    const second = await member('member-b').start(await harness.open())
    for (let round = 0; round < 5; round++) await appendRound().then(() => pause(300))
    await second.stop()
    await appendRound()
    await until('all read', () => all.every((partition) => positions.get(partition) === appended))
    await first.stop()
    for (const partition of all) expect(seen[partition]).toEqual(numbers(0, appended))
  })
}
