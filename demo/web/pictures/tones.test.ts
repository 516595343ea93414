import { expect, it } from 'vitest'
import { mix, tonesOf } from './tones.ts'

it('mixes two colours channel by channel', () => {
  expect(mix('#000000', '#ffffff', 0)).toBe('#000000')
  expect(mix('#000000', '#ffffff', 1)).toBe('#ffffff')
  expect(mix('#102030', '#302010', 0.5)).toBe('#202020')
  expect(mix('#ff0000', '#000000', 0.97)).toBe('#080000')
})

it('gives shades from light to deep', () => {
  const tones = tonesOf('#6d7a5c')
  const sum = (colour: string) =>
    [1, 3, 5].reduce((total, at) => total + Number.parseInt(colour.slice(at, at + 2), 16), 0)
  const brightness = [tones.light, tones.body, tones.dark, tones.deep].map(sum)
  expect(brightness).toEqual(brightness.toSorted((a, b) => b - a))
  expect(new Set(brightness).size).toBe(4)
})
