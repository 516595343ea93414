import type { Drawing } from './drawing.ts'

export const cushion: Drawing = ({ tones, lit }) => (
  <g>
    <path
      d="M96 214 Q200 238 304 210 Q286 316 306 416 Q200 402 94 420 Q114 316 96 214 Z"
      fill={lit}
      stroke={tones.dark}
      strokeWidth="3"
      strokeLinejoin="round"
    />
    <g fill="none" stroke={tones.light} opacity="0.9">
      <path d="M128 222 Q144 318 126 413" strokeWidth="5" />
      <path d="M142 224 Q156 318 141 411" strokeWidth="2" />
      <path d="M198 227 Q204 318 198 407" strokeWidth="5" />
      <path d="M212 227 Q216 318 213 407" strokeWidth="2" />
      <path d="M268 219 Q258 318 270 410" strokeWidth="5" />
      <path d="M254 221 Q246 318 256 409" strokeWidth="2" />
    </g>
    <g fill="none" stroke={tones.deep} strokeLinecap="round" opacity="0.35">
      <path d="M104 224 Q128 254 136 284" strokeWidth="4" />
      <path d="M298 220 Q278 246 268 280" strokeWidth="4" />
      <path d="M102 410 Q128 390 140 362" strokeWidth="3" />
      <path d="M298 406 Q276 388 266 362" strokeWidth="3" />
    </g>
    <path
      d="M150 264 Q196 282 236 258"
      fill="none"
      stroke="#fff"
      strokeWidth="10"
      strokeLinecap="round"
      opacity="0.16"
    />
  </g>
)

const folds = [
  { y: 258, height: 50 },
  { y: 312, height: 52 },
  { y: 368, height: 52 },
]
const fringe = Array.from({ length: 13 }, (_, index) => 264 + index * 12)

export const throwBlanket: Drawing = ({ tones, lit }) => (
  <g>
    {fringe.map((y) => (
      <path
        key={y}
        d={`M306 ${y} q14 4 22 ${y % 24 === 0 ? 5 : -2}`}
        fill="none"
        stroke={tones.light}
        strokeWidth="3.5"
        strokeLinecap="round"
      />
    ))}
    {folds.map(({ y, height }, index) => (
      <g key={y}>
        <path
          d={`M112 ${y} L308 ${y} L308 ${y + height} L112 ${y + height} Q82 ${y + height} 82 ${y + height / 2} Q82 ${y} 112 ${y} Z`}
          fill={lit}
        />
        <g stroke={tones.light} opacity="0.65">
          <path d={`M134 ${y} V${y + height} M146 ${y} V${y + height}`} strokeWidth="4" />
          <path d={`M212 ${y} V${y + height} M224 ${y} V${y + height}`} strokeWidth="4" />
          <path d={`M290 ${y} V${y + height}`} strokeWidth="4" />
        </g>
        <path
          d={`M84 ${y + height / 2} H308`}
          stroke={tones.dark}
          strokeWidth={index === 1 ? 9 : 3}
          opacity="0.3"
        />
        <path d={`M100 ${y + height} H308`} stroke={tones.deep} strokeWidth="4" opacity="0.5" />
        <path
          d={`M96 ${y + 14} Q88 ${y + 22} 90 ${y + 32}`}
          fill="none"
          stroke="#fff"
          strokeWidth="4"
          strokeLinecap="round"
          opacity="0.35"
        />
      </g>
    ))}
  </g>
)
