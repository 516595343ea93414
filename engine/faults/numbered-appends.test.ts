// The detectors of the fault tests, tested first: each must see what it is there to see.
import { expect, test } from 'vitest'
import type { EventLog } from '../log/event-log.ts'
import { NumberedAppends, NumberedRecords } from './numbered-appends.ts'

async function acknowledged(count: number): Promise<NumberedAppends> {
  const settleAtOnce = {
    partitions: 2,
    append: (
      _p: number,
      _k: Uint8Array,
      _v: Uint8Array,
      _t: number,
      settle: (error: null, offset: number) => void,
    ) => {
      settle(null, 0)
      return true
    },
  }
  const appends = new NumberedAppends(settleAtOnce as unknown as EventLog)
  await appends.run(count, 100_000)
  return appends
}

function numbered(value: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(value)
  return bytes
}

test('whole and in order: nothing is reported', async () => {
  const records = new NumberedRecords()
  for (const number of [0, 2, 4]) records.take(0, number / 2, numbered(number))
  for (const number of [1, 3, 5]) records.take(1, (number - 1) / 2, numbered(number))
  expect(records.compare(await acknowledged(6))).toEqual({ lost: [], doubled: [], reordered: [] })
  expect(records.jumps).toEqual([])
})

test('a lost, a doubled, a reordered record and a jump are each reported', async () => {
  const records = new NumberedRecords()
  records.take(0, 0, numbered(0))
  records.take(0, 1, numbered(4))
  records.take(0, 2, numbered(2))
  records.take(1, 0, numbered(1))
  records.take(1, 2, numbered(1))
  expect(records.compare(await acknowledged(6))).toEqual({ lost: [3, 5], doubled: [1], reordered: [2] })
  expect(records.jumps).toEqual(['partition 1: offset 2 after 0'])
})
