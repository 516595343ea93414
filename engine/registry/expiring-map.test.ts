import { expect, test } from 'vitest'
import { ExpiringMap } from './expiring-map.ts'

test('[RG6] values leave after their life, setting them again prolongs it', () => {
  let nowMs = 0
  const map = new ExpiringMap<string, number>(100, 10, () => nowMs)
  map.set('a', 1)
  nowMs = 60
  map.set('b', 2)
  nowMs = 99
  expect(map.values()).toEqual([1, 2])
  map.set('a', 3)
  nowMs = 160
  expect(map.keys()).toEqual(['a'])
  nowMs = 198
  expect(map.values()).toEqual([3])
  nowMs = 199
  expect(map.expire()).toBe(true)
  expect(map.values()).toEqual([])
  expect(map.expire()).toBe(false)
})

test('takes no more than its bound, and has room again when values have left', () => {
  let nowMs = 0
  const map = new ExpiringMap<number, number>(100, 3, () => nowMs)
  for (const key of [1, 2, 3]) map.set(key, key)
  map.set(2, 20)
  expect(() => map.set(4, 4)).toThrow(RangeError)
  nowMs = 100
  map.set(4, 4)
  expect(map.values()).toEqual([4])
})
