import { bowl, mug, teapot, vase } from './ceramics.tsx'
import type { Drawing } from './drawing.ts'
import { carafe, lamp, tapers } from './light-and-glass.tsx'
import { cushion, throwBlanket } from './textiles.tsx'
import { basket, board, stool } from './wood.tsx'

/** Every drawing by name, with the part of it that its close-up shows (x, y, width, height). */
export const drawings = {
  basket: { draw: basket, closeUp: '150 280 176 220' },
  board: { draw: board, closeUp: '110 96 168 210' },
  bowl: { draw: bowl, closeUp: '64 236 176 220' },
  carafe: { draw: carafe, closeUp: '96 250 168 210' },
  cushion: { draw: cushion, closeUp: '86 200 144 180' },
  lamp: { draw: lamp, closeUp: '110 230 168 210' },
  mug: { draw: mug, closeUp: '180 238 152 190' },
  stool: { draw: stool, closeUp: '78 196 168 210' },
  tapers: { draw: tapers, closeUp: '84 92 152 190' },
  teapot: { draw: teapot, closeUp: '50 216 168 210' },
  throwBlanket: { draw: throwBlanket, closeUp: '70 248 136 170' },
  vase: { draw: vase, closeUp: '124 172 152 190' },
} satisfies Record<string, { draw: Drawing; closeUp: string }>

export type DrawingName = keyof typeof drawings
