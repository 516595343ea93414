import { useId } from 'react'
import { drawings, type DrawingName } from './drawings.ts'
import { paintOf, PaintGradients } from './paints.tsx'
import { mix } from './tones.ts'

/** How a product is shown: alone, closely, or in a room. */
export type PictureView = 'alone' | 'close-up' | 'in a room'

interface ProductPictureProps {
  readonly drawing: DrawingName
  /** Colour of the product, `#rrggbb`. */
  readonly colour: string
  readonly view?: PictureView
  /** What the picture shows, for those who can't see it; without it the picture is decoration. */
  readonly label?: string
}

/** A product's picture, 4 wide and 5 high, drawn in the browser. */
export function ProductPicture({ drawing, colour, view = 'alone', label }: ProductPictureProps) {
  const id = useId().replace(/[^a-zA-Z0-9]/g, '')
  const { draw, closeUp } = drawings[drawing]
  const product = draw(paintOf(id, colour))
  const role = label === undefined ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': label }
  return (
    <svg
      className="picture"
      viewBox={view === 'close-up' ? closeUp : '0 0 400 500'}
      preserveAspectRatio="xMidYMid slice"
      {...role}
    >
      <defs>
        <PaintGradients id={id} colour={colour} />
        <radialGradient id={`${id}-shadow`}>
          <stop offset="0" stopColor="#4a3a28" stopOpacity="0.42" />
          <stop offset="1" stopColor="#4a3a28" stopOpacity="0" />
        </radialGradient>
      </defs>
      {view === 'in a room' ? <Room /> : <Backdrop tint={mix(colour, '#f6efe3', 0.82)} />}
      <g transform={view === 'in a room' ? 'translate(72 106) scale(0.64)' : undefined}>
        <ellipse cx="222" cy="420" rx="150" ry="22" fill={`url(#${id}-shadow)`} />
        {product}
      </g>
    </svg>
  )
}

function Backdrop({ tint }: { tint: string }) {
  return (
    <>
      <rect width="400" height="500" fill={tint} />
      <path d="M0 372 H400 V500 H0 Z" fill={mix(tint, '#8a7350', 0.12)} />
    </>
  )
}

function Room() {
  return (
    <>
      <rect width="400" height="500" fill="#e9e2d4" />
      <path d="M-30 380 L150 -20 L262 -20 L82 380 Z" fill="#fff8e6" opacity="0.55" />
      <path d="M140 380 L320 -20 L376 -20 L196 380 Z" fill="#fff8e6" opacity="0.4" />
      <g transform="translate(0 58)">
        <rect x="268" y="56" width="92" height="116" fill="#b78f62" />
        <rect x="275" y="63" width="78" height="102" fill="#f7f1e4" />
        <circle cx="314" cy="104" r="19" fill="#c77f55" />
        <path d="M284 150 Q302 122 318 140 T346 134 V156 H284 Z" fill="#71836a" />
      </g>
      <rect y="370" width="400" height="22" fill="#c39a68" />
      <rect y="392" width="400" height="108" fill="#a97f50" />
      <path d="M20 392 H186 V476 H20 Z M206 392 H380 V476 H206 Z" fill="#b58a59" />
      <circle cx="166" cy="434" r="6" fill="#6f5233" />
      <circle cx="226" cy="434" r="6" fill="#6f5233" />
      <rect y="370" width="400" height="5" fill="#dcb888" />
    </>
  )
}
