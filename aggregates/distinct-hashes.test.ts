import { limits } from '@sightline/protocol/limits'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader, ByteWriter } from './binary.ts'
import { DistinctHashes } from './distinct-hashes.ts'
import { seededRandom } from './random-traffic.fixture.ts'

function hashes(seed: number, count: number): number[] {
  const random = seededRandom(seed)
  return Array.from(
    { length: count },
    () => Math.floor(random() * 2 ** 21) * 2 ** 32 + Math.floor(random() * 2 ** 32),
  )
}

function setOf(list: readonly number[]): DistinctHashes {
  const set = new DistinctHashes()
  for (const hash of list) set.add(hash)
  return set
}

function bytesOf(set: DistinctHashes): string {
  const out = new ByteWriter()
  set.encode(out)
  return Buffer.from(out.view()).toString('hex')
}

test('[U1] exact up to the limit, whatever comes twice', () => {
  const list = hashes(1, limits.sessionsExactMax)
  const set = setOf([...list, ...list, ...list])
  expect([set.count(), set.isExact]).toEqual([limits.sessionsExactMax, true])
  set.add(12_345)
  expect(set.isExact).toBe(false)
})

test('[U1] beyond it the error has a standard deviation of 1.6 %: none of many sizes is 5 % off', () => {
  const errors: number[] = []
  for (const size of [300, 1_000, 3_000, 8_000, 12_000, 20_000, 60_000, 200_000]) {
    for (let seed = 1; seed <= (size > 50_000 ? 2 : 6); seed++) {
      const error = setOf(hashes(seed * 1_000 + size, size)).count() / size - 1
      errors.push(error)
      expect(Math.abs(error), `size ${size}, seed ${seed}`).toBeLessThan(0.05)
    }
  }
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
  expect(deviation).toBeLessThan(0.022)
})

test('[C4] [U2] the bytes depend on the set alone: not on order, repetition, merging or reloading', () => {
  const seed = fc.nat(1_000)
  const sizes = fc.tuple(fc.nat(300), fc.nat(300))
  fc.assert(
    fc.property(seed, sizes, (from, [a, b]) => {
      const [left, right] = [hashes(from, a), [...hashes(from + 5_000, b), ...hashes(from, Math.min(a, 5))]]
      const whole = bytesOf(setOf([...left, ...right]))
      expect(bytesOf(setOf([...right, ...left.toReversed(), ...right]))).toBe(whole)

      const merged = setOf(left)
      merged.merge(setOf(right))
      expect(bytesOf(merged)).toBe(whole)

      const reloaded = new DistinctHashes()
      reloaded.decode(new ByteReader(Buffer.from(bytesOf(setOf(left)), 'hex')))
      for (const hash of right) reloaded.add(hash)
      expect(bytesOf(reloaded)).toBe(whole)
    }),
    { numRuns: 60 },
  )
})

test('a register takes the highest rank that 41 bits can give', () => {
  const set = setOf([...hashes(3, limits.sessionsExactMax + 1), 0, 1, 2 ** 41 - 1, 2 ** 53 - 1])
  const again = new DistinctHashes()
  again.decode(new ByteReader(Buffer.from(bytesOf(set), 'hex')))
  expect(bytesOf(again)).toBe(bytesOf(set))
})
