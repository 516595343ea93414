import { parseColor, pixel } from './pixel-color.ts'

export const rampSteps = 256

/** Where on the ramp each of the four colours stands; the ramp's axis is the square root of age ÷ life. */
const stops = [0, 0.22, 0.58, 1]
/** From here on points also become transparent, to nothing at the end of their life. */
const fadeFrom = 0.6

/**
 * Colours by age, newest first, one pixel word per step. The axis is a square root: most of the ramp is spent on the
 * first seconds, where the eye follows movement.
 *
 * @param colors four `#rrggbb`, newest to oldest
 */
export function ageRamp(colors: readonly string[]): Uint32Array {
  const parsed = colors.map(parseColor)
  const ramp = new Uint32Array(rampSteps)
  for (let step = 0; step < rampSteps; step++) {
    const at = step / (rampSteps - 1)
    const segment = at >= stops[2] ? 2 : at >= stops[1] ? 1 : 0
    const share = (at - stops[segment]) / (stops[segment + 1] - stops[segment])
    const [red, green, blue] = parsed[segment].map((from, i) =>
      Math.round(from + (parsed[segment + 1][i] - from) * share),
    )
    const fade = at <= fadeFrom ? 1 : (1 - at) / (1 - fadeFrom)
    ramp[step] = pixel(red, green, blue, Math.round(255 * fade))
  }
  return ramp
}

/** The same colours, fading to nothing already at `endStep`, from an opacity of 0 to 1. */
export function fadedRamp(ramp: Uint32Array, endStep: number, opacity: number): Uint32Array {
  return ramp.map((word, step) => {
    const alpha = Math.round(255 * opacity * Math.max(0, 1 - step / endStep))
    return ((alpha << 24) | (word & 0x00ff_ffff)) >>> 0
  })
}

/** The ramp's step for an age; rampSteps or more when its life is over. */
export function rampStep(ageMs: number, lifeMs: number): number {
  return Math.floor(Math.sqrt(Math.max(0, ageMs) / lifeMs) * rampSteps)
}

/** The step for every age in whole ms, from 0 up to and with the end of life: a root per point is dearer than a look-up. */
export function ageSteps(lifeMs: number): Uint16Array {
  return Uint16Array.from({ length: lifeMs + 1 }, (_, ageMs) => rampStep(ageMs, lifeMs))
}
