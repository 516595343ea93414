import { expect, test } from 'vitest'
import { PointRing } from './point-ring.ts'

const xs = (ring: PointRing) =>
  Array.from({ length: ring.count }, (_, i) => ring.x[(ring.first + i) % ring.capacity])

test('when full, the newest takes the place of the oldest, and that is counted', () => {
  const ring = new PointRing(3, 10)
  for (let i = 1; i <= 5; i++) ring.add(i, 0, 1_000, 1, 7, i)
  expect(xs(ring)).toEqual([3, 4, 5])
  expect(ring.count).toBe(3)
  expect(ring.evicted).toBe(2)
})

test('points that are too old leave without counting as pushed out', () => {
  const ring = new PointRing(8, 10)
  for (const bornMs of [10, 20, 30, 40]) ring.add(bornMs, 0, 1_000, 1, 7, bornMs)
  ring.expire(25)
  expect(xs(ring)).toEqual([30, 40])
  expect(ring.evicted).toBe(0)
  ring.expire(1_000)
  expect(ring.count).toBe(0)
})

test('a point knows how far back its session’s last point is, also around the end of the ring', () => {
  const ring = new PointRing(4, 10)
  ring.add(1, 0, 1_000, 1, 100, 1)
  ring.add(2, 0, 1_000, 1, 200, 2)
  ring.add(3, 0, 1_000, 1, 100, 3)
  expect([...ring.back.subarray(0, 3)]).toEqual([0, 0, 2])
  ring.add(4, 0, 1_000, 1, 300, 4)
  ring.add(5, 0, 1_000, 1, 200, 5)
  expect(ring.back[0]).toBe(3)
})

test('a point whose predecessor has left the ring stands alone', () => {
  const ring = new PointRing(2, 10)
  ring.add(1, 0, 1_000, 1, 100, 1)
  ring.add(2, 0, 1_000, 1, 200, 2)
  ring.add(3, 0, 1_000, 1, 200, 3)
  ring.add(4, 0, 1_000, 1, 100, 4)
  expect(ring.back[3 % 2]).toBe(0)
})

test('trails are remembered for a bounded number of sessions', () => {
  const ring = new PointRing(1_000, 4)
  for (let session = 0; session < 100; session++) ring.add(1, 1, 1_000, 1, session, 1)
  expect([...ring.newestPositions()].length).toBeLessThanOrEqual(4)
})

test('clear forgets everything', () => {
  const ring = new PointRing(4, 10)
  ring.add(1, 0, 1_000, 1, 100, 1)
  ring.clear()
  expect(ring.count).toBe(0)
  ring.add(2, 0, 1_000, 1, 100, 2)
  expect(ring.back[1]).toBe(0)
})
