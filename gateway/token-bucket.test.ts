import { expect, it } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

it('[GW17] lets a burst through, then the rate', () => {
  const bucket = new TokenBucket(10, 5, 1_000)
  for (let i = 0; i < 5; i++) expect(bucket.take(1_000)).toBe(true)
  expect(bucket.take(1_000)).toBe(false)
  expect(bucket.take(1_050)).toBe(false)
  expect(bucket.take(1_100)).toBe(true)
  expect(bucket.take(1_100)).toBe(false)
})

it('[GW17] never holds more than the burst, however long it was quiet', () => {
  const bucket = new TokenBucket(10, 5, 0)
  for (let i = 0; i < 5; i++) bucket.take(0)
  let taken = 0
  while (bucket.take(3_600_000)) taken++
  expect(taken).toBe(5)
})

it('[GW17] goes on refilling after the clock stepped back an hour', () => {
  const bucket = new TokenBucket(10, 1, 7_200_000)
  expect(bucket.take(7_200_000)).toBe(true)
  expect(bucket.take(3_600_000)).toBe(false)
  expect(bucket.take(3_600_100)).toBe(true)
})
