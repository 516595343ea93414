import type { Paint } from './drawing.ts'
import { mix, tonesOf, type Tones } from './tones.ts'

const oak = '#b98a58'

/** The paint of a colour in a picture that holds the gradients of `<PaintGradients>` for the same id and colour. */
export function paintOf(id: string, colour: string): Paint {
  return { tones: tonesOf(colour), lit: `url(#${id}-lit)`, wood: `url(#${id}-wood)` }
}

/** The gradients that `paintOf` refers to; stands inside a `<defs>`. */
export function PaintGradients({ id, colour }: { id: string; colour: string }) {
  return (
    <>
      <LitGradient id={`${id}-lit`} tones={tonesOf(colour)} />
      <LitGradient id={`${id}-wood`} tones={tonesOf(oak)} />
    </>
  )
}

function LitGradient({ id, tones }: { id: string; tones: Tones }) {
  return (
    <linearGradient id={id} x1="0" y1="0" x2="1" y2="0.12">
      <stop offset="0" stopColor={mix(tones.body, tones.light, 0.55)} />
      <stop offset="0.28" stopColor={tones.light} />
      <stop offset="0.6" stopColor={tones.body} />
      <stop offset="1" stopColor={tones.dark} />
    </linearGradient>
  )
}
