import { BatchEncoder } from '@sightline/protocol/batch-encoder'
import { limits } from '@sightline/protocol/limits'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { asRecords, eventsOf, newTraffic, TestOwners } from './test-owners.fixture.ts'

const nowMs = Date.now()
let owners: TestOwners

beforeEach(async () => {
  owners = await TestOwners.open()
})

afterEach(() => owners.destroy())

/** Batches of the most events that one may have, so that few of them fill a draft. */
function largeBatches(count: number): { bytes: Uint8Array; recordMs: number }[] {
  const encoder = new BatchEncoder()
  return Array.from({ length: count }, (_, seq) => {
    encoder.begin(nowMs)
    for (let i = 0; i < limits.batchEventsMax; i++) encoder.move(nowMs + i, i % 800, seq % 500)
    const bytes = encoder.seal({
      session: new Uint8Array(16).fill(7),
      lane: 1,
      seq: seq + 1,
      ev0: seq * limits.batchEventsMax,
      clockOff: 0,
      clockRtt: 1,
      page: '/',
      pv: 1,
      vw: 1_440,
      vh: 900,
      dh: 2_000,
      lostRing: 0,
      lostRefused: 0,
      thinned: 0,
      flags: 0,
      site: 1,
    })
    return { bytes, recordMs: nowMs + 2_000 }
  })
}

test('[PR6] records of another producer become dead letters with their bytes, and the partition goes on', async () => {
  const good = newTraffic(34, 4)
  const recordMs = good[3].recordMs
  const junk = [
    { bytes: Buffer.from('hello, is this Kafka?'), recordMs },
    { bytes: new Uint8Array(0), recordMs },
    { bytes: new Uint8Array(limits.deadLetterBytesMax + 1_000).fill(1), recordMs },
    { bytes: good[3].bytes, recordMs: -1 },
    { bytes: good[3].bytes, recordMs: recordMs * 1_000 },
  ]
  const owner = await owners.own()
  await owner.take(asRecords([...good.slice(0, 2), ...junk, ...good.slice(2)]))
  await owner.drain()
  expect(await owners.counted()).toBe(eventsOf(good))
  const letters = await owners.files.engine.deadLetters.list(100)
  expect(letters.map(({ offset, reason }) => [offset, reason])).toEqual([
    [2, 'malformed'],
    [3, 'malformed'],
    [4, 'too-large'],
    [5, 'record-time'],
    [6, 'record-time'],
  ])
  expect(Buffer.from(letters[0].value).toString()).toBe('hello, is this Kafka?')
  expect(letters[2].value.length).toBe(limits.deadLetterBytesMax)
  expect(letters[4].value).toEqual(good[3].bytes)
})

test('[PR6] dead letters are durable before the commit that passes them', async () => {
  const order: string[] = []
  const { store, deadLetters } = owners.files.engine
  const owner = await owners.own({
    store: {
      put: store.put.bind(store),
      commit: (of, epoch, commit) => (order.push('commit'), store.commit(of, epoch, commit)),
    },
    deadLetters: {
      async put(letters) {
        await deadLetters.put(letters)
        order.push(`${letters.length} letters`)
      },
    },
  })
  const junk = { bytes: Buffer.from('junk'), recordMs: nowMs }
  await owner.take(asRecords([junk, junk]))
  await owner.drain()
  expect(order).toEqual(['2 letters', 'commit'])
})

test('[PR6] a flood of junk is stored in commits of bounded size', async () => {
  const sizes: number[] = []
  const owner = await owners.own({ onCommit: ({ deadLetters }) => void sizes.push(deadLetters) })
  const junk = { bytes: Buffer.from('junk'), recordMs: nowMs }
  await owner.take(asRecords(Array.from({ length: 2_500 }, () => junk)))
  await owner.drain()
  expect(Math.max(...sizes)).toBe(limits.deadLettersPerCommitMax)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2_500)
})

test('[PR7] a draft at its bounds is committed, and the records behind it go into the next commit', async () => {
  const full = Math.ceil(limits.draftEventsMax / limits.batchEventsMax)
  const batches = largeBatches(full + 10)
  const sizes: number[] = []
  const owner = await owners.own({ onCommit: ({ records }) => void sizes.push(records) })
  await owner.take(asRecords(batches))
  await owner.drain()
  expect(sizes).toEqual([full, 10])
  expect(await owners.counted()).toBe(batches.length * limits.batchEventsMax)
})
