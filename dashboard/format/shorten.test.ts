import { expect, test } from 'vitest'
import { shorten } from './shorten.ts'

test('keeps both ends of what is too long', () => {
  expect(shorten('/short', 10)).toBe('/short')
  expect(shorten('/a/very/long/path', 9)).toBe('/a/v…path')
  expect(shorten('/a/very/long/path', 9)).toHaveLength(9)
})
