import { ageRamp } from './age-ramp.ts'
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

export function scatterColors(theme: ThemeColors): ScatterColors {
  return {
    dot: ageRamp(theme.age),
    trail: ageRamp(theme.age, 0.42),
    head: pixel(...parseColor(theme.head), 255),
    halo: pixel(...parseColor(theme.age[1]), 255),
    click: pixel(...parseColor(theme.click), 255),
  }
}
