import { mkdirSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { DamageError } from '../damage-error.ts'
import {
  appendNumbered,
  appendOne,
  bytesOf,
  ConsumptionRecorder,
  numbers,
  pause,
  until,
} from '../log/contract-records.ts'
import { EmbeddedEventLog } from '../log/embedded-event-log.ts'
import { EmbeddedLiveStore } from '../store/embedded-live-store.ts'
import { ContractDatabase } from './contract-database.ts'
import type { DatabaseOptions } from './embedded-database.ts'
import { EmbeddedDatabase } from './embedded-database.ts'

let files: ContractDatabase
afterEach(() => files.destroy())

async function open(options: Omit<DatabaseOptions, 'directory'> = {}): Promise<EmbeddedEventLog> {
  files = await ContractDatabase.create(options)
  return new EmbeddedEventLog(files.database)
}

const sqliteFull = 13

test('[EM3] under load many records share one transaction, and a lone one does not wait', async () => {
  const log = await open()
  for (let i = 0; i < 5; i++) {
    await appendOne(log, 0, bytesOf('alone'))
    await pause(10)
  }
  const before = await files.database.call('figures', null)
  expect(before.transactions).toBe(5)
  const appends: Promise<unknown>[] = []
  for (let turn = 0; turn < 200; turn++) {
    for (let i = 0; i < 10; i++) appends.push(appendOne(log, i, bytesOf('crowd')))
    await pause(1)
  }
  await Promise.all(appends)
  const after = await files.database.call('figures', null)
  expect(after.records - before.records).toBe(2_000)
  expect((after.records - before.records) / (after.transactions - before.transactions)).toBeGreaterThan(10)
})

test('[EM3] appends, commits, puts and settings that arrive together go into one transaction', async () => {
  const log = await open()
  const store = new EmbeddedLiveStore(files.database)
  const claim = await store.claim(0, 'owner', files.database.identity, 0)
  if (claim.outcome !== 'ok') throw new Error(claim.outcome)
  const { epoch } = claim
  const before = await files.database.call('figures', null)
  // Someone who writes with sqlite3 holds the thread up, so that all of these wait.
  const other = new DatabaseSync(files.file)
  other.exec('BEGIN IMMEDIATE')
  const first = appendOne(log, 0, bytesOf('first'))
  await pause(50)
  const rest = [
    appendOne(log, 0, bytesOf('second')),
    store.commit(0, epoch, {
      first: 0,
      next: 1,
      publicDelta: bytesOf('d'),
      privatePart: bytesOf('p'),
      floor: 0,
    }),
    store.put(0, epoch, [{ bucket: 'b', field: 'f', upto: 1, bytes: bytesOf('x'), expireAtMs: null }]),
    files.database.call('recordPosition', { group: 'g', positions: new Map([[0, 1]]) }),
  ]
  await pause(50)
  other.exec('ROLLBACK')
  other.close()
  await Promise.all([first, ...rest])
  const after = await files.database.call('figures', null)
  expect(after.writes - before.writes).toBe(5)
  expect(after.transactions - before.transactions).toBe(2)
})

test('[EM4] a damaged row is named, and is a hole of one offset: what follows is read', async () => {
  const log = await open()
  await appendNumbered(log, 2, 0, 10)
  files.sql("UPDATE log SET value = CAST('6' AS BLOB) WHERE partition = 2 AND offset = 5")
  files.sql('DELETE FROM log WHERE partition = 2 AND offset = 7')
  const recorder = new ConsumptionRecorder()
  recorder.onOutOfRange = async (_partition, _wanted, start) => start
  await recorder.start(log)
  await until('8 records read', () => recorder.read(2).length >= 8)
  expect(recorder.numbers(2)).toEqual([0, 1, 2, 3, 4, 6, 8, 9])
  expect(recorder.outOfRange).toEqual([
    { partition: 2, wanted: 5, start: 6, end: 10 },
    { partition: 2, wanted: 7, start: 8, end: 10 },
  ])
  expect(files.troubles.every((error) => error instanceof DamageError)).toBe(true)
  expect(files.troubles[0].message).toMatch(/table log, partition 2, offset 5:/)
  expect(files.troubles[1].message).toMatch(/table log, partition 2, offset 7:/)
  await log.close()
})

test('[EM5] when the file may not grow further appends fail, nothing of them is stored, and all goes on with space', async () => {
  const log = await open({ bytesMax: 2_000_000 })
  const value = new Uint8Array(4_000).fill(7)
  let stored = 0
  let error: unknown
  while (error === undefined) {
    const outcomes = await Promise.allSettled(numbers(0, 20).map(() => appendOne(log, 0, value)))
    stored += outcomes.filter((outcome) => outcome.status === 'fulfilled').length
    error = outcomes.find((outcome) => outcome.status === 'rejected')?.reason
  }
  expect(error).toMatchObject({ errcode: sqliteFull })
  expect(stored).toBeGreaterThan(100)
  await expect(Promise.all(numbers(0, 20).map(() => appendOne(log, 0, value)))).rejects.toThrow()
  expect(await log.bounds(0)).toEqual({ start: 0, end: stored })
  expect(log.pending()).toEqual({ records: 0, bytes: 0 })
  await files.database.call('trim', { partition: 0, offset: 60 })
  expect(await appendNumbered(log, 0, 0, 20)).toEqual(numbers(stored, 20))
  const again = new EmbeddedEventLog(await files.reopen())
  expect(await again.bounds(0)).toEqual({ start: 60, end: stored + 20 })
})

test('[EM5] when the thread ends by itself everything that waits fails, and consumptions and tails end', async () => {
  const log = await open()
  const recorder = new ConsumptionRecorder()
  const consumption = await recorder.start(log)
  await until('assigned', () => recorder.steps.includes('assigned'))
  const store = new EmbeddedLiveStore(files.database)
  const handlers = { onCommit: () => {}, onBroken: async () => null }
  const tail = store.tail(new Map(), handlers, new AbortController().signal)
  const other = new DatabaseSync(files.file)
  other.exec('BEGIN IMMEDIATE')
  const append = appendOne(log, 0, bytesOf('lost'))
  await pause(50)
  const { worker } = files.database as unknown as { worker: { terminate(): Promise<number> } }
  const outcomes = Promise.allSettled([append, consumption.ended, tail])
  await worker.terminate()
  other.close()
  for (const outcome of await outcomes) expect(outcome.status).toBe('rejected')
  expect(await files.database.failed).toBeInstanceOf(Error)
  await expect(appendOne(log, 0, bytesOf('later'))).rejects.toThrow('closed')
  await expect(log.bounds(0)).rejects.toThrow('closed')
  expect(log.pending()).toEqual({ records: 0, bytes: 0 })
})

test('[EM6] rows that every state has passed go after the retention, others stay', async () => {
  const log = await open({ logRetentionMs: 60_000 })
  const store = new EmbeddedLiveStore(files.database)
  const old = Date.now() - 120_000
  for (const partition of [0, 1]) {
    await Promise.all(
      numbers(0, 1_400).map((i) => appendOne(log, partition, bytesOf(String(i)), bytesOf('k'), old)),
    )
    await appendOne(log, partition, bytesOf('new'), bytesOf('k'), Date.now())
  }
  const claim = await store.claim(0, 'owner', files.database.identity, 0)
  if (claim.outcome !== 'ok') throw new Error(claim.outcome)
  const commit = (first: number, next: number, floor: number) =>
    store.commit(0, claim.epoch, { first, next, publicDelta: bytesOf('d'), privatePart: bytesOf('p'), floor })
  await commit(0, 1_300, 1_200)
  await pause(1_300)
  await until(
    'old rows gone',
    () => files.sql('SELECT 1 FROM log WHERE partition = 0 AND offset < 1200').length === 0,
  )
  await pause(300)
  expect(await log.bounds(0)).toEqual({ start: 1_200, end: 1_401 })
  expect(await log.bounds(1)).toEqual({ start: 0, end: 1_401 })
  await commit(1_300, 1_401, 1_401)
  await until(
    'the rest of the old rows gone',
    () => files.sql('SELECT 1 FROM log WHERE partition = 0').length === 1,
  )
  expect(await log.bounds(0)).toEqual({ start: 1_400, end: 1_401 })
  expect(files.troubles).toEqual([])
})

test('[EM7] while the file is held up the main thread runs on, and appends settle afterwards', async () => {
  const log = await open()
  await appendOne(log, 0, bytesOf('warm'))
  const other = new DatabaseSync(files.file)
  other.exec('BEGIN IMMEDIATE')
  let settled = 0
  const appends = numbers(0, 500).map((i) => appendOne(log, i % 12, bytesOf('x')).then(() => settled++))
  let longestMs = 0
  const begin = performance.now()
  for (let last = begin; last - begin < 600;) {
    await pause(5)
    longestMs = Math.max(longestMs, performance.now() - last)
    last = performance.now()
  }
  expect(settled).toBe(0)
  expect(longestMs).toBeLessThan(300)
  other.exec('ROLLBACK')
  other.close()
  await Promise.all(appends)
  expect(settled).toBe(500)
})

test('what is no database of ours is refused by name, and the folder is free again', async () => {
  const log = await open()
  await log.close()
  await files.database.close()
  files.sql("UPDATE meta SET value = '999' WHERE name = 'schema'")
  await expect(EmbeddedDatabase.open({ directory: files.directory })).rejects.toThrow(
    /sightline.sqlite.*schema 999/,
  )
  const other = `${files.directory}/other`
  mkdirSync(other)
  writeFileSync(
    `${other}/sightline.sqlite`,
    'this is a text file, and long enough to be looked at as a database'.repeat(30),
  )
  await expect(EmbeddedDatabase.open({ directory: other })).rejects.toThrow(
    /other\/sightline.sqlite can't be opened.*not a database/,
  )
  await expect(EmbeddedDatabase.open({ directory: other })).rejects.toThrow(/not a database/)
})

test('views of larger buffers are stored as what they show', async () => {
  await open()
  const store = new EmbeddedLiveStore(files.database)
  const claim = await store.claim(0, 'owner', files.database.identity, 0)
  if (claim.outcome !== 'ok') throw new Error(claim.outcome)
  const large = new Uint8Array(1_000_000).fill(1)
  large.set([7, 8, 9], 500)
  const view = large.subarray(500, 503)
  await store.commit(0, claim.epoch, {
    first: 0,
    next: 1,
    publicDelta: view,
    privatePart: Buffer.from('pooled'),
    floor: 0,
  })
  await store.put(0, claim.epoch, [{ bucket: 'b', field: 'f', upto: 1, bytes: view, expireAtMs: null }])
  const snapshot = await store.load(0, () => true)
  expect([...(snapshot?.commits.at(-1)?.publicDelta ?? [])]).toEqual([7, 8, 9])
  expect(Buffer.from(snapshot?.commits.at(-1)?.privatePart ?? []).toString()).toBe('pooled')
  expect([...(snapshot?.blobs[0].bytes ?? [])]).toEqual([7, 8, 9])
})
