import type { Drawing } from './drawing.ts'

const speckles = [
  [168, 300],
  [186, 336],
  [214, 312],
  [238, 352],
  [176, 372],
  [226, 388],
  [200, 308],
  [248, 318],
  [158, 342],
  [210, 356],
  [190, 402],
  [236, 302],
  [204, 330],
  [164, 388],
]

function Speckles({ colour }: { colour: string }) {
  return (
    <g fill={colour} opacity="0.35">
      {speckles.map(([x, y], index) => (
        <circle key={`${x}-${y}`} cx={x} cy={y} r={index % 3 === 0 ? 1.8 : 1.1} />
      ))}
    </g>
  )
}

export const mug: Drawing = ({ tones, lit }) => (
  <g>
    <path
      d="M270 300 C330 292 338 378 264 386"
      fill="none"
      stroke={tones.dark}
      strokeWidth="17"
      strokeLinecap="round"
    />
    <path
      d="M272 296 C322 290 330 372 266 380"
      fill="none"
      stroke={tones.body}
      strokeWidth="6"
      strokeLinecap="round"
      opacity="0.7"
    />
    <path
      d="M118 274 A82 17 0 0 0 282 274 L273 402 Q271 420 250 420 L150 420 Q129 420 127 402 Z"
      fill={lit}
    />
    <ellipse cx="200" cy="274" rx="82" ry="17" fill={tones.light} />
    <ellipse cx="200" cy="275" rx="75" ry="13.5" fill={tones.deep} />
    <path d="M127 279 A75 13.5 0 0 0 273 279 A78 10 0 0 0 127 279" fill="#4b3021" />
    {[312, 336, 360, 384].map((y) => (
      <path
        key={y}
        d={`M${122 + (y - 312) * 0.07} ${y} Q200 ${y + 18} ${278 - (y - 312) * 0.07} ${y}`}
        fill="none"
        stroke={tones.deep}
        strokeWidth="2"
        opacity="0.28"
      />
    ))}
    <path d="M140 302 L146 396" stroke="#fff" strokeWidth="7" strokeLinecap="round" opacity="0.24" />
    <Speckles colour={tones.deep} />
  </g>
)

export const bowl: Drawing = ({ tones, lit }) => (
  <g>
    <ellipse cx="200" cy="310" rx="122" ry="27" fill={tones.light} />
    <ellipse cx="200" cy="311" rx="114" ry="22" fill={tones.deep} />
    <g>
      <ellipse cx="162" cy="292" rx="35" ry="30" fill="#d9a93f" />
      <ellipse cx="154" cy="283" rx="13" ry="9" fill="#f2d27c" opacity="0.8" />
      <ellipse cx="238" cy="294" rx="34" ry="29" fill="#cf9a35" />
      <ellipse cx="230" cy="285" rx="12" ry="8" fill="#edc970" opacity="0.8" />
      <ellipse cx="200" cy="300" rx="36" ry="30" fill="#e2b64f" />
      <ellipse cx="191" cy="290" rx="14" ry="9" fill="#f6dc93" opacity="0.8" />
      <path d="M214 274 q14 -24 38 -20 q-8 22 -38 20" fill="#66784f" />
    </g>
    <path
      d="M78 310 A122 27 0 0 0 322 310 C318 372 268 408 240 412 L240 420 L160 420 L160 412 C132 408 82 372 78 310 Z"
      fill={lit}
    />
    <path
      d="M78 310 A122 27 0 0 0 322 310 L321 317 A122 27 0 0 1 79 317 Z"
      fill={tones.light}
      opacity="0.55"
    />
    <path
      d="M104 346 Q120 386 160 402"
      fill="none"
      stroke="#fff"
      strokeWidth="7"
      strokeLinecap="round"
      opacity="0.22"
    />
    <Speckles colour={tones.deep} />
  </g>
)

export const teapot: Drawing = ({ tones, lit, wood }) => (
  <g>
    <path
      d="M138 286 C126 170 274 170 262 286"
      fill="none"
      stroke={wood}
      strokeWidth="11"
      strokeLinecap="round"
    />
    <path d="M132 330 C92 326 86 284 62 268 L80 250 C108 268 112 300 142 304 Z" fill={tones.body} />
    <path d="M62 268 L80 250 L84 254 L67 272 Z" fill={tones.deep} />
    <path
      d="M104 346 C104 292 150 266 200 266 C250 266 296 292 296 346 C296 396 252 420 200 420 C148 420 104 396 104 346 Z"
      fill={lit}
    />
    <ellipse cx="200" cy="272" rx="52" ry="11" fill={tones.dark} />
    <path d="M150 268 C154 246 246 246 250 268 A50 10 0 0 1 150 268 Z" fill={lit} />
    <circle cx="200" cy="243" r="11" fill={wood} />
    <path
      d="M124 330 C130 306 148 290 168 284"
      fill="none"
      stroke="#fff"
      strokeWidth="8"
      strokeLinecap="round"
      opacity="0.25"
    />
    <path d="M106 366 Q200 400 294 366" fill="none" stroke={tones.deep} strokeWidth="2" opacity="0.3" />
    <Speckles colour={tones.deep} />
  </g>
)

const stems = [
  'M196 194 C188 150 170 120 158 84',
  'M202 194 C204 148 208 108 218 66',
  'M208 194 C222 156 244 134 266 112',
]
const leaves = [
  [160, 90, -30],
  [170, 116, 40],
  [178, 142, -40],
  [163, 106, -60],
  [216, 74, 10],
  [208, 100, -48],
  [216, 116, 50],
  [204, 134, -40],
  [262, 116, 60],
  [246, 132, 10],
  [240, 142, 70],
  [228, 152, 0],
]

export const vase: Drawing = ({ tones, lit }) => (
  <g>
    {stems.map((path) => (
      <path key={path} d={path} fill="none" stroke="#8a7350" strokeWidth="2.5" strokeLinecap="round" />
    ))}
    {leaves.map(([x, y, angle]) => (
      <ellipse
        key={`${x}-${y}`}
        cx={x}
        cy={y}
        rx="13"
        ry="5.5"
        fill={angle! > 20 ? '#a9a47a' : '#8f9468'}
        transform={`rotate(${angle} ${x} ${y})`}
      />
    ))}
    <path
      d="M171 196 C172 222 150 238 136 276 C118 328 138 398 168 420 L232 420 C262 398 282 328 264 276 C250 238 228 222 229 196 A29 7 0 0 1 171 196 Z"
      fill={lit}
    />
    <ellipse cx="200" cy="196" rx="29" ry="7" fill={tones.light} />
    <ellipse cx="200" cy="196.5" rx="24" ry="5" fill={tones.deep} />
    <path
      d="M141 372 C146 394 156 411 168 420 L232 420 C244 411 254 394 259 372 Q200 392 141 372 Z"
      fill="#d9c3a0"
      opacity="0.75"
    />
    <path
      d="M150 290 C144 316 146 344 152 360"
      fill="none"
      stroke="#fff"
      strokeWidth="8"
      strokeLinecap="round"
      opacity="0.25"
    />
    <Speckles colour={tones.deep} />
  </g>
)
