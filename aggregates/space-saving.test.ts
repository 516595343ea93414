import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader, ByteWriter } from './binary.ts'
import { ElementCounts } from './elements.ts'
import { SpaceSaving } from './space-saving.ts'

/** A skewed stream: small numbers are frequent. */
const stream = fc.array(
  fc.tuple(fc.nat(9), fc.nat(9), fc.nat(3)).map(([a, b, c]) => ({ key: `k${a * b}`, count: 1 + c })),
  { maxLength: 300 },
)

function exactCounts(list: readonly { key: string; count: number }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { key, count } of list) counts.set(key, (counts.get(key) ?? 0) + count)
  return counts
}

function summaryOf(list: readonly { key: string; count: number }[], capacity: number): SpaceSaving {
  const summary = new SpaceSaving(capacity)
  for (const { key, count } of list) summary.add(key, count)
  return summary
}

function bytesOf(summary: SpaceSaving): string {
  const out = new ByteWriter()
  summary.encode(out)
  return Buffer.from(out.view()).toString('hex')
}

test('[AE1] exact while the keys fit', () => {
  fc.assert(
    fc.property(stream, (list) => {
      const counts = new Map<string, number>()
      summaryOf(list, 100).forEach((key, count, error) => {
        expect(error).toBe(0)
        counts.set(key, count)
      })
      expect(counts).toEqual(exactCounts(list))
    }),
  )
})

test('[AE1] beyond that count - error ≤ true ≤ count, and what is not kept is at most the floor', () => {
  fc.assert(
    fc.property(stream, fc.integer({ min: 1, max: 8 }), (list, capacity) => {
      const summary = summaryOf(list, capacity)
      const exact = exactCounts(list)
      let total = 0
      summary.forEach((key, count, error) => {
        total += count
        expect(exact.get(key)).toBeGreaterThanOrEqual(count - error)
        expect(exact.get(key)).toBeLessThanOrEqual(count)
      })
      expect(total).toBe(list.reduce((sum, { count }) => sum + count, 0))
      for (const [key, count] of exact)
        if (!summary.has(key)) expect(count).toBeLessThanOrEqual(summary.floor)
    }),
  )
})

test('[F2] [C4] goes on after a reload as if nothing had been, ties included', () => {
  fc.assert(
    fc.property(stream, fc.integer({ min: 1, max: 8 }), fc.nat(300), (list, capacity, at) => {
      const reloaded = new SpaceSaving(capacity)
      reloaded.decode(new ByteReader(Buffer.from(bytesOf(summaryOf(list.slice(0, at), capacity)), 'hex')))
      for (const { key, count } of list.slice(at)) reloaded.add(key, count)
      expect(bytesOf(reloaded)).toBe(bytesOf(summaryOf(list, capacity)))
    }),
  )
})

test('[F2] one increment of two is two increments of one', () => {
  fc.assert(
    fc.property(stream, fc.integer({ min: 1, max: 8 }), (list, capacity) => {
      const singles = list.flatMap(({ key, count }) =>
        Array.from({ length: count }, () => ({ key, count: 1 })),
      )
      expect(bytesOf(summaryOf(singles, capacity))).toBe(bytesOf(summaryOf(list, capacity)))
    }),
  )
})

test('[AE2] a ranking over several cells keeps the bounds', () => {
  fc.assert(
    fc.property(fc.array(stream, { maxLength: 4 }), fc.integer({ min: 1, max: 8 }), (lists, capacity) => {
      const ranking = new ElementCounts()
      for (const list of lists) ranking.add(summaryOf(list, capacity))
      const exact = exactCounts(lists.flat())
      for (const { target, clicks, error } of ranking.top(1_000)) {
        expect(exact.get(target)).toBeLessThanOrEqual(clicks)
        expect(exact.get(target)).toBeGreaterThanOrEqual(clicks - error)
      }
    }),
  )
})
