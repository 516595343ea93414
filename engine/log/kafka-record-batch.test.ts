import { Reader, readRecordsBatches } from '@platformatic/kafka'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordBatch } from './kafka-record-batch.ts'

const producer = { id: 4_711n, epoch: 3 }
const ignore = (): void => {}

function sealedBatch(records: { key: Uint8Array; value: Uint8Array; timestampMs: number }[]): RecordBatch {
  const batch = new RecordBatch()
  for (const { key, value, timestampMs } of records) batch.add(key, value, timestampMs, 5, ignore)
  batch.seal(producer, 17)
  return batch
}

test('an independent reader finds exactly what was added, whatever keys, values and timestamps', () => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  const record = fc.record({
    key: bytes,
    value: bytes,
    timestampMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  })
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 200 }), (records) => {
      const encoded = Buffer.from(sealedBatch(records).encoded())
      const [read, ...more] = readRecordsBatches(Reader.from(encoded))
      expect(more).toEqual([])
      expect(read).toMatchObject({
        magic: 2,
        attributes: 0,
        lastOffsetDelta: records.length - 1,
        producerId: 4_711n,
        producerEpoch: 3,
        firstSequence: 17,
        maxTimestamp: BigInt(Math.max(...records.map((one) => one.timestampMs))),
      })
      const plain = read.records.map((one) => ({
        key: new Uint8Array(one.key ?? []),
        value: new Uint8Array(one.value ?? []),
        timestampMs: Number(read.firstTimestamp + one.timestampDelta),
      }))
      expect(plain).toEqual(records)
      expect(read.records.map((one) => one.offsetDelta)).toEqual(records.map((_, i) => i))
    }),
  )
})

test('headers come back with their names and bytes', () => {
  const batch = new RecordBatch()
  batch.add(new Uint8Array(0), Uint8Array.of(1), 1, 1, ignore, [
    ['reason', Buffer.from('zu kurz – „x“')],
    ['empty', new Uint8Array(0)],
  ])
  batch.seal(producer, 0)
  const [read] = readRecordsBatches(Reader.from(Buffer.from(batch.encoded())))
  const headers = read.records[0].headers.map(([name, value]) => [String(name), String(value ?? '')])
  expect(headers).toEqual([
    ['reason', 'zu kurz – „x“'],
    ['empty', ''],
  ])
})

test('a cleared batch starts anew; a sealed one takes nothing more', () => {
  const batch = sealedBatch([
    { key: Uint8Array.of(1), value: new Uint8Array(50_000).fill(2), timestampMs: 9 },
  ])
  expect(() => batch.add(new Uint8Array(0), new Uint8Array(0), 1, 1, ignore)).toThrow('sealed')
  expect(batch.keyAndValueBytes).toBe(50_001)
  batch.clear()
  expect([batch.count, batch.keyAndValueBytes, batch.sealed]).toEqual([0, 0, null])
  batch.add(Uint8Array.of(7), Uint8Array.of(8), 100, 6, ignore)
  batch.seal(producer, 18)
  const [read] = readRecordsBatches(Reader.from(Buffer.from(batch.encoded())))
  expect(read.records).toHaveLength(1)
  expect(read.firstTimestamp).toBe(100n)
  expect(batch.openedAtMs).toBe(6)
})
