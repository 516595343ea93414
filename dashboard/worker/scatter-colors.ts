import { limits } from '@sightline/protocol/limits'
import { ageRamp, fadedRamp, rampStep } from './age-ramp.ts'
import { parseColor, pixel } from './pixel-color.ts'

/** Colours of the theme, `#rrggbb` each; the worker has no style sheet of its own. */
export interface ThemeColors {
  /** Newest to oldest. */
  age: [string, string, string, string]
  head: string
  click: string
}

/** The theme's colours as pixel words. */
export interface ScatterColors {
  dot: Uint32Array
  trail: Uint32Array
  head: number
  halo: number
  click: number
}

/** The line between two points of a session is gone after so long; the points stay. */
export const trailMs = 2_200
const trailOpacity = 0.8

export function scatterColors(theme: ThemeColors): ScatterColors {
  const dot = ageRamp(theme.age)
  return {
    dot,
    trail: fadedRamp(dot, rampStep(trailMs, limits.dashboardMoveLifeMs), trailOpacity),
    head: pixel(...parseColor(theme.head), 255),
    halo: pixel(...parseColor(theme.age[1]), 255),
    click: pixel(...parseColor(theme.click), 255),
  }
}
