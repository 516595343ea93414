import type { Drawing } from './drawing.ts'

export const lamp: Drawing = ({ tones, lit, wood }) => (
  <g>
    <circle cx="200" cy="240" r="170" fill="#ffdf9a" opacity="0.12" />
    <circle cx="200" cy="240" r="120" fill="#ffdf9a" opacity="0.16" />
    <rect x="195" y="246" width="10" height="48" fill="#b9904f" />
    <path
      d="M184 292 L216 292 C220 312 262 322 262 368 C262 398 238 414 226 420 L174 420 C162 414 138 398 138 368 C138 322 180 312 184 292 Z"
      fill={lit}
    />
    <path
      d="M156 352 C152 374 160 390 168 398"
      fill="none"
      stroke="#fff"
      strokeWidth="7"
      strokeLinecap="round"
      opacity="0.25"
    />
    <path d="M139 362 Q200 382 261 362" fill="none" stroke={tones.deep} strokeWidth="2" opacity="0.3" />
    <ellipse cx="200" cy="256" rx="104" ry="18" fill="#f6d79b" />
    <path d="M140 124 L260 124 L304 256 A104 18 0 0 1 96 256 Z" fill="#f7e6c4" />
    <path d="M247 130 L260 124 L304 256 Q296 264 281 267 Z" fill="#dcbc84" opacity="0.35" />
    <path
      d="M166 124 L128 262 M200 124 L200 273 M234 124 L272 262"
      stroke="#dcc08a"
      strokeWidth="1.5"
      opacity="0.6"
    />
    <ellipse cx="200" cy="124" rx="60" ry="8" fill="#fdf3dc" />
    <ellipse cx="200" cy="124" rx="44" ry="5" fill="#e8cf9d" />
    <rect x="172" y="412" width="56" height="8" rx="3" fill={wood} />
  </g>
)

function Taper({ x, top, holder }: { x: number; top: number; holder: string }) {
  return (
    <g>
      <circle cx={x} cy={top - 22} r="46" fill="#ffdd93" opacity="0.16" />
      <circle cx={x} cy={top - 20} r="24" fill="#ffdd93" opacity="0.26" />
      <path
        d={`M${x} ${top - 44} C${x + 13} ${top - 22} ${x + 9} ${top - 7} ${x} ${top - 6} C${x - 9} ${top - 7} ${x - 13} ${top - 22} ${x} ${top - 44} Z`}
        fill="#f5b64c"
      />
      <path
        d={`M${x} ${top - 26} C${x + 6} ${top - 16} ${x + 4} ${top - 8} ${x} ${top - 7} C${x - 4} ${top - 8} ${x - 6} ${top - 16} ${x} ${top - 26} Z`}
        fill="#fff1c9"
      />
      <path
        d={`M${x - 9} ${top} Q${x} ${top - 6} ${x + 9} ${top} L${x + 10} 380 L${x - 10} 380 Z`}
        fill="#efdfbf"
      />
      <path
        d={`M${x + 3} ${top - 2} L${x + 9} ${top} L${x + 10} 380 L${x + 4} 380 Z`}
        fill="#d3bb8c"
        opacity="0.8"
      />
      <path d={`M${x - 18} 370 L${x + 18} 370 L${x + 14} 400 L${x - 14} 400 Z`} fill={holder} />
      <ellipse cx={x} cy="408" rx="50" ry="12" fill={holder} />
    </g>
  )
}

export const tapers: Drawing = ({ tones, lit }) => (
  <g>
    <Taper x={252} top={210} holder={tones.dark} />
    <Taper x={150} top={150} holder={lit} />
    <ellipse cx="150" cy="405" rx="42" ry="7" fill={tones.light} opacity="0.35" />
    <ellipse cx="252" cy="405" rx="42" ry="7" fill={tones.light} opacity="0.25" />
  </g>
)

export const carafe: Drawing = ({ tones }) => (
  <g>
    <path
      d="M150 142 L158 226 C158 262 112 288 112 346 L112 402 Q112 420 130 420 L218 420 Q236 420 236 402 L236 346 C236 288 190 262 190 226 L198 142 Z"
      fill={tones.body}
      opacity="0.3"
    />
    <path
      d="M113 334 Q174 348 235 334 Q236 340 236 346 L236 402 Q236 420 218 420 L130 420 Q112 420 112 402 L112 346 Q112 340 113 334 Z"
      fill={tones.body}
      opacity="0.45"
    />
    <ellipse cx="174" cy="335" rx="61" ry="8" fill={tones.light} opacity="0.6" />
    <path
      d="M150 142 L158 226 C158 262 112 288 112 346 L112 402 Q112 420 130 420 L218 420 Q236 420 236 402 L236 346 C236 288 190 262 190 226 L198 142"
      fill="none"
      stroke={tones.dark}
      strokeWidth="3"
      opacity="0.75"
    />
    <ellipse
      cx="174"
      cy="142"
      rx="24"
      ry="5"
      fill="none"
      stroke={tones.dark}
      strokeWidth="3"
      opacity="0.75"
    />
    <path d="M126 340 L126 396" stroke="#fff" strokeWidth="8" strokeLinecap="round" opacity="0.6" />
    <path d="M163 160 L167 222" stroke="#fff" strokeWidth="5" strokeLinecap="round" opacity="0.6" />
    <g>
      <path
        d="M252 320 L258 406 Q259 420 272 420 L306 420 Q319 420 320 406 L326 320 Z"
        fill={tones.body}
        opacity="0.28"
      />
      <path
        d="M255 362 Q289 372 323 362 L320 406 Q319 420 306 420 L272 420 Q259 420 258 406 Z"
        fill={tones.body}
        opacity="0.45"
      />
      <path
        d="M252 320 L258 406 Q259 420 272 420 L306 420 Q319 420 320 406 L326 320"
        fill="none"
        stroke={tones.dark}
        strokeWidth="2.5"
        opacity="0.75"
      />
      <ellipse
        cx="289"
        cy="320"
        rx="37"
        ry="6"
        fill="none"
        stroke={tones.dark}
        strokeWidth="2.5"
        opacity="0.75"
      />
      <path d="M264 336 L268 402" stroke="#fff" strokeWidth="5" strokeLinecap="round" opacity="0.6" />
    </g>
  </g>
)
