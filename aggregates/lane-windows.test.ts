import type { DecodedBatch } from '@sightline/protocol/decoded-batch'
import { limits } from '@sightline/protocol/limits'
import { batchFlags } from '@sightline/protocol/mark-kinds'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteReader, ByteWriter } from './binary.ts'
import { FoldInput } from './fold-input.ts'
import { LaneWindows, type Verdict } from './lane-windows.ts'
import { ledger, LedgerDraft, toLedger } from './ledger.ts'
import { sessionBytes } from './random-traffic.fixture.ts'

const nowMs = Date.UTC(2027, 2, 14, 12)
const reach = limits.laneWindowBatches

interface Header {
  session?: number
  lane?: number
  seq: number
  ev0?: number
  n?: number
  t0?: number
  clockRtt?: number
  thinned?: number
  lostRing?: number
  flags?: number
}

/** Lanes with a ledger; batches are only headers. */
class Lanes {
  windows = new LaneWindows()
  readonly draft = new LedgerDraft()
  readonly input = new FoldInput()

  observe(header: Header, recordMs = nowMs): Verdict {
    const batch = {
      bytes: sessionBytes(header.session ?? 1),
      sessionStart: 0,
      lane: 7,
      ev0: 0,
      n: 1,
      t0: recordMs,
      clockOff: 0,
      clockRtt: 5,
      site: 1,
      vw: 1_000,
      lostRing: 0,
      lostRefused: 0,
      thinned: 0,
      flags: 0,
      ...header,
    }
    this.input.begin(batch as unknown as DecodedBatch, recordMs)
    this.input.setTime(recordMs, recordMs)
    return this.windows.observe(this.input, true, this.draft)
  }

  ledger() {
    const out = new ByteWriter()
    this.draft.encode(out)
    const reader = new ByteReader(out.view())
    const sites = reader.varint()
    if (sites === 0) return toLedger(ledger.createCell())
    expect([sites, reader.varint()]).toEqual([1, 1])
    return toLedger(ledger.decodeCell(reader))
  }

  /** Through the private part of a commit. */
  reload(): void {
    const out = new ByteWriter()
    this.windows.encodeChanges(out, () => {})
    const windows = new LaneWindows()
    windows.decodeLanes(new ByteReader(out.view()), () => {})
    this.windows = windows
  }
}

/** A window as a set of everything that was ever accepted. */
class NaiveLane {
  readonly accepted = new Set<number>()
  hi = 0

  observe(seq: number): Verdict {
    if (seq <= this.hi - reach) {
      for (let below = 1; below <= this.hi - reach; below++) if (!this.accepted.has(below)) return 'too-old'
      return 'duplicate'
    }
    if (this.accepted.has(seq)) return 'duplicate'
    this.accepted.add(seq)
    this.hi = Math.max(this.hi, seq)
    return 'new'
  }
}

/** Steps relative to the highest seq so far. */
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(1) },
    { weight: 3, arbitrary: fc.integer({ min: -40, max: 5 }) },
    { weight: 1, arbitrary: fc.integer({ min: -1_200, max: 1_200 }) },
    { weight: 1, arbitrary: fc.constantFrom(-1_025, -1_024, -1_023, 1_023, 1_024, 1_025, 3_000) },
  ),
  { maxLength: 300 },
)

describe('one lane', () => {
  test('[AK1] [AK2] gives the verdicts of a set that remembers everything, in any order', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 60 }), (list, reloadEvery) => {
        const lanes = new Lanes()
        const naive = new NaiveLane()
        list.forEach((step, i) => {
          const seq = Math.max(1, naive.hi + step)
          expect(lanes.observe({ seq }), `step ${i}: seq ${seq}, hi ${naive.hi}`).toBe(naive.observe(seq))
          if (i > 0 && i % reloadEvery === 0) {
            // A reload only knows what changed since; here that must be this one lane.
            lanes.observe({ seq: naive.hi + 1 })
            naive.observe(naive.hi + 1)
            lanes.reload()
          }
        })
      }),
      { numRuns: 200 },
    )
  })

  test('[AK1] without holes it has no window, and every copy is known for ever', () => {
    const lanes = new Lanes()
    for (let seq = 1; seq <= 5_000; seq++) expect(lanes.observe({ seq })).toBe('new')
    for (const seq of [1, 2_000, 4_999, 5_000]) expect(lanes.observe({ seq })).toBe('duplicate')
    expect([...lanes.windows.list()][0].holes).toEqual([])
  })

  test('[AK2] what arrives after the window has passed it is too old, once something was missed', () => {
    const lanes = new Lanes()
    lanes.observe({ seq: 1 })
    lanes.observe({ seq: 3 })
    for (let seq = 4; seq <= 3 + reach; seq++) lanes.observe({ seq })
    expect(lanes.observe({ seq: 2 })).toBe('too-old')
    expect(lanes.observe({ seq: 1 })).toBe('too-old')
  })

  test('[A5] finished follows the fin flag of the highest batch', () => {
    const lanes = new Lanes()
    lanes.observe({ seq: 1 })
    lanes.observe({ seq: 3, flags: batchFlags.fin })
    expect(lanes.ledger().lanesFinished).toBe(1)
    lanes.observe({ seq: 2 })
    expect(lanes.ledger().lanesFinished).toBe(1)
    lanes.observe({ seq: 4 })
    expect(lanes.ledger().lanesFinished).toBe(0)
  })
})

describe('losses', () => {
  test('[A2] what is missing shows as soon as a later batch arrives', () => {
    const lanes = new Lanes()
    lanes.observe({ seq: 1, ev0: 0, n: 10 })
    lanes.observe({ seq: 3, ev0: 25, n: 5 })
    expect(lanes.ledger()).toMatchObject({ sealed: 30, lanes: 1 })
    lanes.observe({ seq: 2, ev0: 10, n: 15 })
    expect(lanes.ledger().sealed).toBe(30)
  })

  test('[A5] thinned and lost by the ring are the highest values seen, however batches arrive', () => {
    const lanes = new Lanes()
    lanes.observe({ seq: 2, thinned: 40, lostRing: 5 })
    lanes.observe({ seq: 1, thinned: 10 })
    lanes.observe({ seq: 3, thinned: 41, lostRing: 5 })
    lanes.observe({ session: 2, seq: 1, thinned: 100 })
    expect(lanes.ledger()).toMatchObject({ thinned: 141, lostRing: 5 })
  })

  test('[A6] a chain that claims less than what arrived never makes anything missing below zero', () => {
    const lanes = new Lanes()
    for (let seq = 1; seq <= 5; seq++) lanes.observe({ seq, ev0: 0, n: 10 })
    expect(lanes.ledger().sealed).toBe(50)
  })
})

describe('the horizon', () => {
  test('[AK3] [A4] a lane is forgotten after it, and what it misses is lost', () => {
    const lanes = new Lanes()
    lanes.observe({ seq: 1, ev0: 0, n: 10 })
    lanes.observe({ seq: 3, ev0: 25, n: 5 })
    lanes.windows.expire(nowMs + limits.laneHorizonMs, lanes.draft)
    expect([lanes.windows.lanes, lanes.ledger().lost]).toEqual([1, 0])
    lanes.windows.expire(nowMs + limits.laneHorizonMs + 1, lanes.draft)
    expect([lanes.windows.lanes, lanes.ledger().lost]).toEqual([0, 15])
  })

  test('[AK4] a copy from a forgotten lane is too old, a new lane at the same time is new', () => {
    const lanes = new Lanes()
    const batch = { seq: 1, t0: nowMs - 500 }
    lanes.observe(batch)
    const laterMs = nowMs + limits.laneHorizonMs + 1
    lanes.windows.expire(laterMs, lanes.draft)
    expect(lanes.observe(batch, laterMs)).toBe('too-old')
    expect(lanes.observe({ seq: 1, session: 9 }, laterMs)).toBe('new')
  })

  test('[AK4] a visitor whose clock is hours slow is not refused before the first clock sample', () => {
    expect(new Lanes().observe({ seq: 1, t0: nowMs - 5 * 3_600_000, clockRtt: 0 })).toBe('new')
    expect(new Lanes().observe({ seq: 1, t0: nowMs - 5 * 3_600_000, clockRtt: 9 })).toBe('too-old')
  })

  test('[AK3] many lanes, forgotten in any order, leave the others as they were', () => {
    const lanes = new Lanes()
    const lastMs = new Map<number, number>()
    for (let i = 0; i < 3_000; i++) {
      const at = nowMs + ((i * 7_919) % 3_000) * 1_000
      lanes.observe({ session: i, seq: 1 + (i % 3) }, at)
      lastMs.set(i, at)
    }
    lanes.windows.expire(nowMs + limits.laneHorizonMs + 1_500_000, null)
    expect(lanes.windows.lanes).toBe(1_500)
    for (let i = 0; i < 3_000; i++) {
      const isKnown = lastMs.get(i)! >= nowMs + 1_500_000
      expect(lanes.observe({ session: i, seq: 1 + (i % 3) }, nowMs + 4_000_000)).toBe(
        isKnown ? 'duplicate' : 'new',
      )
    }
  })
})

test('a lane without holes costs at most 200 bytes', () => {
  const lanes = new Lanes()
  for (let session = 0; session < 20_000; session++) lanes.observe({ session, seq: 1 })
  expect(lanes.windows.bytes / 20_000).toBeLessThan(200)
})

test('[AK5] beyond the cap of lanes a batch is told so, and known lanes go on', () => {
  const lanes = new Lanes()
  for (let session = 0; session < limits.lanesPerPartitionMax; session++) lanes.observe({ session, seq: 1 })
  expect(lanes.observe({ session: -1, seq: 1 })).toBe('lanes-full')
  expect(lanes.observe({ session: 0, seq: 2 })).toBe('new')
})
