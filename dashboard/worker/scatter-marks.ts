import { disk, ring, type Stamp } from './pixel-surface.ts'

/** Steps in which a click's ring opens. */
export const rippleSteps = 10

/** Sizes and stamps for one device pixel ratio. */
export interface ScatterMarks {
  dotPx: number
  /** Of young points, where one page has the whole canvas. */
  largeDotPx: number
  head: Stamp
  halo: Stamp
  click: Stamp
  ripples: Stamp[]
}

/** @param scale device pixels per CSS pixel */
export function scatterMarks(scale: number): ScatterMarks {
  const ripples: Stamp[] = []
  for (let step = 0; step < rippleSteps; step++) ripples.push(ring((4 + step * 1.1) * scale, 1.6 * scale))
  return {
    dotPx: Math.max(1, Math.round(scale)),
    largeDotPx: Math.max(2, Math.round(2 * scale)),
    head: disk(1.6 * scale),
    halo: disk(3.6 * scale),
    click: disk(2.2 * scale),
    ripples,
  }
}
