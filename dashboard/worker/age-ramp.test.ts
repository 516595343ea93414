import { expect, test } from 'vitest'
import { ageRamp, fadedRamp, rampStep, rampSteps } from './age-ramp.ts'
import { parseColor, pixel } from './pixel-color.ts'

const colors = ['#99f6e4', '#2dd4bf', '#3882c8', '#4f468c']

test('begins with the newest colour at full opacity and ends transparent', () => {
  const ramp = ageRamp(colors)
  expect(ramp[0]).toBe(pixel(0x99, 0xf6, 0xe4, 255))
  expect(ramp[rampSteps - 1] >>> 24).toBe(0)
  expect(ramp[rampSteps - 1] & 0xff_ffff).toBe(0x8c_46_4f)
})

test('never becomes more opaque with age', () => {
  const alphas = [...ageRamp(colors)].map((word) => word >>> 24)
  expect(alphas).toEqual(alphas.toSorted((a, b) => b - a))
})

test('the axis is a square root: a quarter of the life is half of the ramp', () => {
  expect(rampStep(0, 20_000)).toBe(0)
  expect(rampStep(5_000, 20_000)).toBe(rampSteps / 2)
  expect(rampStep(20_000, 20_000)).toBe(rampSteps)
  expect(rampStep(-50, 20_000)).toBe(0)
})

test('a trail has the same colours and is gone at its own end', () => {
  const ramp = ageRamp(colors)
  const trail = fadedRamp(ramp, 64, 0.5)
  expect(trail[0] & 0xff_ffff).toBe(ramp[0] & 0xff_ffff)
  expect(trail[0] >>> 24).toBe(128)
  expect(trail[64] >>> 24).toBe(0)
  expect(trail[200] >>> 24).toBe(0)
})

test('a colour that is not #rrggbb is refused by name', () => {
  expect(parseColor('#0A665d')).toEqual([10, 102, 93])
  expect(() => parseColor('teal')).toThrow('"teal"')
})
