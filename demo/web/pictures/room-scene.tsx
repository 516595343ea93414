import { useId, type ReactNode } from 'react'
import { drawings, type DrawingName } from './drawings.ts'
import { paintOf, PaintGradients } from './paints.tsx'

/** One thing in a scene; x and y are where the middle of its foot stands. */
export interface SceneThing {
  readonly drawing: DrawingName
  readonly colour: string
  readonly x: number
  readonly y: number
  readonly scale: number
}

interface RoomSceneProps {
  /** What the picture shows, for those who can't see it. */
  readonly label: string
  readonly width: number
  readonly height: number
  readonly things: readonly SceneThing[]
  /** Walls and furniture, drawn behind the things. */
  readonly children: ReactNode
}

/** A picture of several products standing in a room. */
export function RoomScene({ label, width, height, things, children }: RoomSceneProps) {
  const id = useId().replace(/[^a-zA-Z0-9]/g, '')
  return (
    <svg
      className="picture"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMidYMid slice"
      role="img"
      aria-label={label}
    >
      <defs>
        <radialGradient id={`${id}-shadow`}>
          <stop offset="0" stopColor="#3c2e1e" stopOpacity="0.4" />
          <stop offset="1" stopColor="#3c2e1e" stopOpacity="0" />
        </radialGradient>
        {things.map((thing, index) => (
          <PaintGradients key={index} id={`${id}-${index}`} colour={thing.colour} />
        ))}
      </defs>
      {children}
      {things.map((thing, index) => (
        <g
          key={index}
          transform={`translate(${thing.x - 200 * thing.scale} ${thing.y - 420 * thing.scale}) scale(${thing.scale})`}
        >
          <ellipse cx="216" cy="420" rx="140" ry="16" fill={`url(#${id}-shadow)`} />
          {drawings[thing.drawing].draw(paintOf(`${id}-${index}`, thing.colour))}
        </g>
      ))}
    </svg>
  )
}
