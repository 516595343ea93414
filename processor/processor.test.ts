import { partitionOf } from '@sightline/engine/log/event-log'
import { elementRanking } from '@sightline/aggregates/queries/element-ranking'
import { siteLedger } from '@sightline/aggregates/queries/site-ledger'
import { coverRange } from '@sightline/aggregates/queries/time-cover'
import { distinctSessions, seriesTotal } from '@sightline/aggregates/queries/time-series'
import { OnePartition } from '@sightline/aggregates/one-partition.fixture'
import type { PartitionState } from '@sightline/aggregates/partition-state'
import { randomTraffic, sessionBytes, type PlainRecord } from '@sightline/aggregates/random-traffic.fixture'
import { days, hours, minutes } from '@sightline/aggregates/time-buckets'
import { limits } from '@sightline/protocol/limits'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestProcessor } from './test-processor.fixture.ts'
import { TemporaryEngine, until } from './temporary-engine.fixture.ts'

let files: TemporaryEngine
const stops: (() => Promise<void>)[] = []

beforeEach(async () => {
  files = await TemporaryEngine.open()
})

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await files.destroy()
})

async function start(name?: string) {
  const started = await startTestProcessor(files.engine, name)
  stops.push(() => started.stop())
  return started
}

const ofSession = ({ session }: PlainRecord) =>
  partitionOf(sessionBytes(session), 0, 16, limits.logPartitions)

/** The same records folded one after the other, with no log and no store between. */
function foldedDirectly(records: readonly PlainRecord[]): OnePartition[] {
  const partitions = Array.from({ length: limits.logPartitions }, () => new OnePartition())
  for (const record of records) partitions[ofSession(record)].fold({ ...record, unknown: 0 })
  for (const partition of partitions) partition.commit()
  return partitions
}

/** What a viewer could ask of these states. */
function answers(states: readonly PartitionState[], endMs: number) {
  const cover = coverRange([minutes, hours, days], endMs - 7_200_000, endMs, endMs)
  const sessionCover = coverRange([hours, days], endMs - 7_200_000, endMs, endMs)
  return [1, 2].map((site) => {
    const selection = { site, page: null, layout: null }
    return {
      ledger: siteLedger(states, site),
      total: seriesTotal(states, selection, cover),
      elements: elementRanking(states, selection, cover, 100),
      sessions: distinctSessions(states, selection, sessionCover),
    }
  })
}

test('[PR2] records with copies, losses and delays end as exactly what folding them one by one gives', async () => {
  const records = randomTraffic({ seed: 11, records: 600, visitors: 40 })
  const endMs = records[records.length - 1].recordMs
  await start()
  await files.appendAll(records, ofSession)
  await files.drained()
  const expected = foldedDirectly(records).map(({ state }) => state)
  expect(answers(await files.storedStates(), endMs)).toEqual(answers(expected, endMs))
  expect(siteLedger(await files.storedStates(), 1).balanced).toBe(true)
})

test('[PR2] restarts in the middle change nothing: blobs, commits and duplicate windows carry over', async () => {
  const records = randomTraffic({ seed: 12, records: 500, visitors: 30, copies: 0.3 })
  const endMs = records[records.length - 1].recordMs
  for (let from = 0; from < records.length; from += 125) {
    const { stop } = await startTestProcessor(files.engine)
    await files.appendAll(records.slice(from, from + 125), ofSession)
    // The second time it is stopped with records on their way, else when all is committed.
    if (from !== 125) await files.drained()
    await stop()
    await files.reopen()
  }
  await start()
  await files.drained()
  const expected = foldedDirectly(records).map(({ state }) => state)
  expect(answers(await files.storedStates(), endMs)).toEqual(answers(expected, endMs))
})

test('[PR8] a stop commits what was read and writes a checkpoint: the next owner has nothing to replay', async () => {
  const records = randomTraffic({ seed: 13, records: 200 })
  const { stop } = await startTestProcessor(files.engine)
  await files.appendAll(records, ofSession)
  await files.drained()
  await stop()
  for (let partition = 0; partition < limits.logPartitions; partition++) {
    const { end } = await files.engine.log.bounds(partition)
    if (end === 0) continue
    const watermark = await files.engine.store.readBlobs(partition, 'watermark')
    expect(watermark.map(({ upto }) => upto)).toEqual([end])
  }
})

test('[PR15] reports how long records waited, how long commits took, and how much it folds', async () => {
  await start('processor-x')
  await files.appendAll(randomTraffic({ seed: 14, records: 50 }), ofSession)
  await until('it has reported records', async () => {
    const reports = await files.engine.registry.reports()
    return reports.some(({ stage, instance, figures }) => {
      return stage === 'processor' && instance === 'processor-x' && figures.recordsPerSecond > 0
    })
  })
  const [{ figures }] = await files.engine.registry.reports()
  expect(figures.partitions).toBe(limits.logPartitions)
  expect(figures.commitP99Ms).toBeGreaterThan(0)
  expect(figures.waitP50Ms).toBeGreaterThanOrEqual(0)
})

test('[PR16] ends with the reason when the log is not the one that the state was made from', async () => {
  const records = randomTraffic({ seed: 15, records: 40 })
  const { stop } = await startTestProcessor(files.engine)
  await files.appendAll(records, () => 3)
  await files.drained()
  await stop()
  files.sql('UPDATE partitions SET next = next + 1000 WHERE partition = 3')
  const second = await start('processor-b')
  await expect(second.processor.ended).rejects.toThrow(
    'partition 3: the state is at offset 1040, but the log ends at 40',
  )
  expect(second.lines.filter(({ level }) => level === 60)).toHaveLength(1)
})

test('[PR13] refuses the state of another log and names both', async () => {
  const { stop } = await startTestProcessor(files.engine)
  await files.appendAll(randomTraffic({ seed: 16, records: 10 }), () => 0)
  await files.drained()
  await stop()
  files.sql("UPDATE partitions SET log_identity = 'another' WHERE partition = 0")
  const { processor } = await start()
  await expect(processor.ended).rejects.toThrow('the state of partition 0 belongs to log another')
})
