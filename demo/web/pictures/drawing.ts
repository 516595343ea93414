import type { ReactElement } from 'react'
import type { Tones } from './tones.ts'

/** What a drawing is painted with. */
export interface Paint {
  readonly tones: Tones
  /** Fill of the body, lit from the left: a reference to a gradient of the picture. */
  readonly lit: string
  /** Fill of the wooden parts. */
  readonly wood: string
}

/** Draws one product, standing on the line y = 420 of a picture 400 wide and 500 high. */
export type Drawing = (paint: Paint) => ReactElement
