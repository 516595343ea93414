import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { comparable, NaiveModel, plainCells } from './naive-model.fixture.ts'
import { blobsOf, OnePartition } from './one-partition.fixture.ts'
import { randomTraffic, seededRandom } from './random-traffic.fixture.ts'

const seeds = fc.integer({ min: 0, max: 2 ** 31 })

/** Commits of one to `max` records. */
function commitSizes(seed: number, max: number): () => number {
  const random = seededRandom(seed)
  return () => 1 + Math.floor(random() * max)
}

describe('fold and apply', () => {
  test('[F1] [F3] [F4] equal a naive model, event by event', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const records = randomTraffic({ seed, records: 150 })
        const partition = new OnePartition().run(records, commitSizes(seed, 30))
        const model = new NaiveModel()
        for (const record of records) model.add(record)
        expect(plainCells(partition.state)).toEqual(comparable(model.cells))
      }),
      { numRuns: 10 },
    )
  })

  test('[F2] cells, ledger and memory do not depend on where commits end', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const records = randomTraffic({ seed, records: 200 })
        const one = new OnePartition().run(records, () => Infinity)
        const single = new OnePartition().run(records, () => 1)
        const random = new OnePartition().run(records, commitSizes(seed, 25))
        const expected = blobsOf(one)
        expect(blobsOf(single)).toEqual(expected)
        expect(blobsOf(random)).toEqual(expected)
      }),
      { numRuns: 6 },
    )
  })

  test('[AK1] the model notices a batch that is counted twice: with the window off the comparison fails', () => {
    const records = randomTraffic({ seed: 5, records: 100, copies: 0.3 })
    const model = new NaiveModel()
    for (const record of records) {
      model.seen.clear()
      model.add(record)
    }
    const partition = new OnePartition().run(records, () => 10)
    expect(partition.verdicts).toContain('duplicate')
    expect(plainCells(partition.state)).not.toEqual(comparable(model.cells))
  })
})
