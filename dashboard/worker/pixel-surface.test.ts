import { expect, test } from 'vitest'
import { pixel } from './pixel-color.ts'
import { disk, PixelSurface, ring } from './pixel-surface.ts'

const red = pixel(255, 0, 0, 255)
const alphaAt = (surface: PixelSurface, x: number, y: number) => surface.pixels[y * surface.width + x] >>> 24

test('a dot is cut off at the edges and never runs into the next row', () => {
  const surface = new PixelSurface(4, 3)
  surface.dot(3, 2, 3, red)
  surface.dot(1, 0, 1, red)
  const set = () => [...surface.pixels].flatMap((word, i) => (word === red ? [i] : []))
  expect(set()).toEqual([1, 11])
  surface.clear()
  surface.dot(3, 2, 2, red)
  expect(set()).toEqual([6, 7, 10, 11])
})

test('bytes and words are the same memory, red first', () => {
  const surface = new PixelSurface(2, 1)
  surface.dot(1, 0, 1, pixel(1, 2, 3, 4))
  expect([...surface.bytes]).toEqual([0, 0, 0, 0, 1, 2, 3, 4])
})

test('a line goes from its beginning towards its end and leaves stronger pixels alone', () => {
  const surface = new PixelSurface(8, 8)
  surface.dot(3, 3, 1, red)
  surface.line(0, 0, 6, 6, pixel(0, 255, 0, 100))
  expect(alphaAt(surface, 1, 1)).toBe(100)
  expect(alphaAt(surface, 5, 5)).toBe(100)
  expect(surface.pixels[3 * 8 + 3]).toBe(red)
})

test('a line between pixels lies on both, in shares that add up to its opacity', () => {
  const surface = new PixelSurface(8, 4)
  surface.line(0, 1.25, 6, 1.25, pixel(0, 0, 0, 200))
  expect(alphaAt(surface, 2, 1) + alphaAt(surface, 2, 2)).toBe(200)
  expect(alphaAt(surface, 2, 1)).toBe(150)
})

test('lines and stamps outside draw nothing and do not throw', () => {
  const surface = new PixelSurface(4, 4)
  surface.line(-10, -10, -2, -3, red)
  surface.line(20, 1, 30, 1, red)
  surface.stamp(disk(3), 40, 40, red, 1)
  expect(surface.pixels.every((word) => word === 0)).toBe(true)
})

test('a disk is full in the middle, a ring is empty there', () => {
  const full = new PixelSurface(21, 21)
  full.stamp(disk(6), 10, 10, red, 1)
  expect(alphaAt(full, 10, 10)).toBe(255)
  expect(alphaAt(full, 10, 18)).toBe(0)
  const open = new PixelSurface(21, 21)
  open.stamp(ring(8, 2), 10, 10, red, 1)
  expect(alphaAt(open, 10, 10)).toBe(0)
  expect(alphaAt(open, 10, 3)).toBe(255)
})

test('sizes are bounded', () => {
  expect(new PixelSurface(0, -3).pixels.length).toBe(1)
  expect(new PixelSurface(1e9, 1).width).toBe(4_096)
})

test('a line along the last row and column stays on the surface and off the first column', () => {
  const surface = new PixelSurface(8, 6)
  surface.line(7, 0, 7.9, 5.9, red)
  surface.line(0.5, 5.9, 7.9, 5.9, red)
  expect(Array.from({ length: 4 }, (_, y) => alphaAt(surface, 0, y))).toEqual([0, 0, 0, 0])
  expect(alphaAt(surface, 7, 2) + alphaAt(surface, 6, 2)).toBeGreaterThanOrEqual(254)
  expect(alphaAt(surface, 4, 5)).toBeGreaterThan(200)
})
