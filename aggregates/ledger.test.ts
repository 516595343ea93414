import { limits } from '@sightline/protocol/limits'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OnePartition } from './one-partition.fixture.ts'
import type { Fate } from './partition-memory.ts'
import { siteLedger } from './queries/site-ledger.ts'
import { pick, randomTraffic, seededRandom, type PlainRecord } from './random-traffic.fixture.ts'

const fates: Fate[] = ['count', 'count', 'count', 'exclude', 'deadLetter']

/** Folds with a fate per session, as bots and staging hosts have. */
function foldAll(partition: OnePartition, records: readonly PlainRecord[]): void {
  records.forEach((record, i) => {
    partition.fold(record, fates[record.session % fates.length])
    if (i % 10 === 9) partition.commit()
  })
  partition.commit()
}

describe('the ledger', () => {
  test('[A1] [A2] [A3] [A4] balances after every commit, and each term is what really happened', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (seed) => {
        const records = randomTraffic({ seed, records: 150, copies: 0.2 })
        const partition = new OnePartition()
        foldAll(partition, records)
        for (const site of [1, 2]) {
          const of = records
            .map((record, i) => ({ ...record, verdict: partition.verdicts[i] }))
            .filter((r) => r.site === site)
          const events = (wanted: (record: (typeof of)[number]) => boolean) =>
            of.filter(wanted).reduce((sum, { n }) => sum + n, 0)
          const isNewWith = (fate: Fate) =>
            events((r) => r.verdict === 'new' && fates[r.session % fates.length] === fate)
          const sealed = new Map<number, number>()
          for (const { lane, ev0, n } of of) sealed.set(lane, Math.max(sealed.get(lane) ?? 0, ev0 + n))

          const ledger = siteLedger([partition.state], site)
          expect(ledger).toMatchObject({
            received: events(() => true),
            counted: isNewWith('count'),
            excluded: isNewWith('exclude'),
            deadLettered: isNewWith('deadLetter'),
            duplicate: events((r) => r.verdict === 'duplicate'),
            tooOld: 0,
            sealed: [...sealed.values()].reduce((sum, events) => sum + events, 0),
            lanes: sealed.size,
            lost: 0,
            balanced: true,
          })
          expect(ledger.missing).toBe(ledger.inFlight)
        }
      }),
      { numRuns: 12 },
    )
  })

  test('[A4] [AK3] what a lane misses is in flight until its horizon, then lost; a quiet visitor loses nothing', () => {
    const records = randomTraffic({ seed: 12, records: 200, losses: 0.2, delays: 0, copies: 0 })
    const partition = new OnePartition()
    foldAll(partition, records)
    const before = [1, 2].map((site) => siteLedger([partition.state], site))
    expect(before[0].inFlight).toBeGreaterThan(0)

    // Another visitor, three hours later, moves the watermark on.
    const laterMs = records[199].recordMs + limits.laneHorizonMs + 3_600_000
    for (let i = 0; i < limits.watermarkRunRecords + 1; i++) {
      partition.foldAs({ ...records[0], recordMs: laterMs + i * 1_000, session: 900 }, 900 + i, 1)
    }
    partition.commit()
    for (const [i, site] of [1, 2].entries()) {
      const ledger = siteLedger([partition.state], site)
      expect(ledger.lost).toBe(before[i].inFlight)
      expect(ledger.balanced).toBe(true)
    }
  })

  test('[A1] a ledger that does not balance says so', () => {
    const partition = new OnePartition()
    foldAll(partition, randomTraffic({ seed: 2, records: 30 }))
    expect(siteLedger([partition.state], 1).balanced).toBe(true)
    partition.draft.ledger.counted(1, 1)
    partition.pending = 1
    partition.commit()
    expect(siteLedger([partition.state], 1).balanced).toBe(false)
  })

  test('[A2] two counted batches where one was sealed would be missing below zero, and the ledger says so', () => {
    const records = randomTraffic({ seed: 2, records: 1 })
    const partition = new OnePartition()
    partition.fold(records[0])
    // What a processor without duplicate windows would book.
    partition.draft.ledger.received(records[0].site, records[0].n)
    partition.draft.ledger.counted(records[0].site, records[0].n)
    partition.commit()
    expect(siteLedger([partition.state], records[0].site)).toMatchObject({
      missing: -records[0].n,
      balanced: false,
    })
  })

  test('[AK5] batches beyond the cap of lanes are dead-lettered, and both identities hold', () => {
    const random = seededRandom(1)
    const records = randomTraffic({ seed: 8, records: 50, copies: 0, delays: 0, losses: 0 })
    const partition = new OnePartition()
    // Lanes are cheap to fill through the private part's own door: observe alone, without folding.
    for (let i = 0; i < limits.lanesPerPartitionMax; i++) {
      partition.decoder.read(records[0].bytes)
      partition.input.begin(partition.decoder, records[0].recordMs)
      partition.input.sessionHi = i
      partition.memory.observe(partition.input, 'exclude', partition.draft.ledger)
    }
    const late = records.filter(({ site }) => site === records[0].site)
    for (const record of [...late, pick(random, late)]) expect(partition.fold(record)).toBe('lanes-full')
    partition.commit()
    const ledger = siteLedger([partition.state], records[0].site)
    expect(ledger.deadLettered).toBeGreaterThan(0)
    expect(ledger).toMatchObject({ balanced: true, missing: 0, lanes: limits.lanesPerPartitionMax })
  })
})
