import { limits } from '@sightline/protocol/limits'
import { describe, expect, test } from 'vitest'
import { blobsOf, OnePartition } from './one-partition.fixture.ts'
import { sessionList } from './queries/session-list.ts'
import { randomTraffic, trafficStartMs, type PlainRecord } from './random-traffic.fixture.ts'
import { sessionsNow } from './sessions-now.ts'

const everything = { site: 1, page: null, layout: null }

function rowsOf(partition: OnePartition) {
  return [...partition.state.store(sessionsNow).cell('1')!.rows.values()]
}

/** Many sessions, one batch each, some of them again and again, out of one visitor's template. */
function manySessions(count: number, again: (i: number) => number): PlainRecord[] {
  const seqs = new Map<number, number>()
  const records = randomTraffic({
    seed: 1,
    records: 400,
    visitors: 400,
    losses: 0,
    delays: 0,
    copies: 0,
    pauseMsMax: 2,
  })
  const templates = records.filter(({ site, seq }) => site === 1 && seq === 1)
  return Array.from({ length: count }, (_, i) => {
    const session = again(i)
    const seq = (seqs.get(session) ?? 0) + 1
    seqs.set(session, seq)
    return { ...templates[i % templates.length], session, seq, recordMs: trafficStartMs + i }
  })
}

/** Folds records of which only session, seq and time matter. */
function foldAs(partition: OnePartition, records: readonly PlainRecord[], commitEvery: number): void {
  records.forEach((record, i) => {
    partition.foldAs(record, record.session, record.seq)
    if ((i + 1) % commitEvery === 0) partition.commit()
  })
  if (partition.pending > 0) partition.commit()
}

describe('sessions now', () => {
  test('[V1] keeps the most recently seen up to the limit', () => {
    const max = limits.sessionsNowPerPartitionMax
    const partition = new OnePartition()
    foldAs(
      partition,
      manySessions(max + 500, (i) => i),
      700,
    )
    const rows = rowsOf(partition)
    expect(rows).toHaveLength(max)
    expect(rows[0].lastMs).toBe(trafficStartMs + 500)
  })

  test('[V1] [F2] which ones are kept does not depend on where commits end', () => {
    // Sessions come back in a pattern that makes first touch and last touch differ.
    const records = manySessions(
      6_000,
      (i) => ((i * 37) % 2_600) + (i % 7 === 0 ? -((i * 37) % 2_600) + (i % 400) : 0),
    )
    const [whole, large, small] = [6_000, 250, 17].map((commitEvery) => {
      const partition = new OnePartition()
      foldAs(partition, records, commitEvery)
      return blobsOf(partition).get('sessions-now 1')
    })
    expect(large).toBe(whole)
    expect(small).toBe(whole)
  })

  test('[V2] a session that was idle begins anew', () => {
    const records = manySessions(3, () => 5)
    const partition = new OnePartition()
    const laterMs = trafficStartMs + limits.sessionIdleMs + 5_000
    foldAs(partition, [records[0], records[1], { ...records[2], recordMs: laterMs }], 1)
    const [row] = rowsOf(partition)
    expect(row).toMatchObject({ firstMs: laterMs, lastMs: laterMs, events: records[2].n })
    expect(sessionList([partition.state], everything, laterMs + limits.sessionIdleMs, 9)).toEqual([])
    expect(sessionList([partition.state], everything, laterMs + limits.sessionIdleMs - 1, 9)).toHaveLength(1)
  })

  test('the last pointer position is that of the newest move or click', () => {
    const records = randomTraffic({ seed: 21, records: 40, visitors: 1, losses: 0, delays: 0, copies: 0 })
    const partition = new OnePartition().run(records, () => 7)
    const newest = records
      .toReversed()
      .flatMap(({ moves, clicks }) => [...moves, ...clicks].sort((a, b) => b.dt - a.dt).slice(0, 1))[0]
    expect(sessionList([partition.state], everything, records[39].recordMs, 5)[0]).toMatchObject({
      xPx: newest.x,
      yPx: newest.y,
      page: records[39].page,
      lastMs: records[39].recordMs,
    })
  })
})
