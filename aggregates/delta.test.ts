import { limits } from '@sightline/protocol/limits'
import { describe, expect, test } from 'vitest'
import { ByteWriter } from './binary.ts'
import { deltaFormat, readDeltaHeader } from './delta.ts'
import { OnePartition } from './one-partition.fixture.ts'
import { PartitionState } from './partition-state.ts'
import { randomTraffic } from './random-traffic.fixture.ts'
import { plainCells } from './naive-model.fixture.ts'

const records = randomTraffic({ seed: 17, records: 120 })

describe('the delta', () => {
  test('[F5] its header says what it covers', () => {
    const partition = new OnePartition()
    for (const record of records) partition.fold(record)
    const { delta } = partition.commit()
    const folded = records.filter((_, i) => partition.verdicts[i] === 'new')
    expect(readDeltaHeader(delta)).toEqual({
      watermarkMs: partition.memory.watermark.ms,
      newestRecordMs: Math.max(...folded.map(({ recordMs }) => recordMs)),
      oldestRecordMs: Math.min(...folded.map(({ recordMs }) => recordMs)),
      batches: folded.length,
      events: folded.reduce((sum, { n }) => sum + n, 0),
    })
  })

  test('[F5] a section from the future is skipped', () => {
    const partition = new OnePartition().run(records, () => Infinity)
    const out = new ByteWriter()
    out.raw(partition.commits[0].delta)
    out.varint(99)
    out.bytes(new Uint8Array([1, 2, 3]))
    const state = PartitionState.forOwner(null)
    state.apply(out.take(), 0, 120)
    expect(plainCells(state)).toEqual(plainCells(partition.state))
  })

  test('[F5] cut anywhere it throws a RangeError, and never hangs', () => {
    const { delta } = new OnePartition().run(records.slice(0, 12), () => Infinity).commits[0]
    let thrown = 0
    for (let end = 1; end < delta.length; end += 7) {
      try {
        PartitionState.forOwner(null).apply(delta.subarray(0, end), 0, 12)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
        thrown++
      }
    }
    // A cut between two sections can't be seen here; the store's checksum sees it.
    expect(thrown).toBeGreaterThan(delta.length / 7 - 10)
  })

  test('[F5] another format is refused by name', () => {
    const delta = new Uint8Array([deltaFormat + 1, 0, 0])
    expect(() => PartitionState.forOwner(null).apply(delta, 0, 1)).toThrow(/format 2, this program reads 1/)
  })

  test('[F5] a claim has an empty delta and only moves the offset', () => {
    const state = PartitionState.forOwner(null)
    expect(state.apply(new Uint8Array(0), 5, 5)).toBeNull()
    expect([state.next, state.cellCount]).toEqual([5, 0])
  })

  test('[F7] a draft says when it is full, and is empty again after the commit', () => {
    const partition = new OnePartition()
    const many = randomTraffic({ seed: 1, records: 30, losses: 0, delays: 0, copies: 0 })
    let seq = 0
    while (!partition.draft.isFull) {
      seq++
      for (const [i, record] of many.entries()) partition.foldAs(record, i, seq)
    }
    expect(partition.draft.events).toBeGreaterThanOrEqual(limits.draftEventsMax)
    partition.commit()
    expect([partition.draft.isFull, partition.draft.isEmpty]).toEqual([false, true])
  })

  test('[T6] live leaves out what it does not hold, and has the rest exactly', () => {
    const partition = new OnePartition().run(records, () => 10)
    const nowMs = records[119].recordMs
    const live = PartitionState.forLive(nowMs, { minute: 120_000, hour: 0, day: 0 })
    for (const { delta, first, next } of partition.commits) live.apply(delta, first, next)
    const all = plainCells(partition.state)
    const held = plainCells(live)
    expect(held.size).toBeGreaterThan(20)
    expect(held.size).toBeLessThan(all.size)
    for (const [key, cell] of held) expect(all.get(key)).toEqual(cell)
    for (const key of all.keys()) expect(held.has(key)).toBe(live.wants(key.split(' ')[0]))
    expect(live.dirtyBlobs(10)).toEqual([])
  })
})
