import { mix } from './tones.ts'
import type { Drawing } from './drawing.ts'

export const board: Drawing = ({ tones, lit }) => (
  <g>
    <path
      d="M214 148 L300 160 Q314 162 312 178 L282 418 L176 418 Z"
      fill={mix(tones.body, '#f1dcb8', 0.55)}
    />
    <path
      d="M288 170 L262 416 M300 200 L276 416"
      stroke={tones.dark}
      strokeWidth="1.5"
      opacity="0.25"
      fill="none"
    />
    <path
      d="M122 196 Q122 178 140 178 L166 178 Q176 176 176 162 L176 106 Q176 88 196 88 Q216 88 216 106 L216 162 Q216 176 226 178 L252 178 Q270 178 270 196 L270 402 Q270 420 252 420 L140 420 Q122 420 122 402 Z"
      fill={lit}
    />
    <circle cx="196" cy="112" r="8" fill={tones.deep} />
    <path
      d="M196 112 C186 92 170 92 160 76"
      stroke="#efe6d6"
      strokeWidth="3.5"
      fill="none"
      strokeLinecap="round"
    />
    <g fill="none" stroke={tones.deep} opacity="0.3">
      <path d="M142 190 C150 250 138 330 146 410" strokeWidth="2" />
      <path d="M164 186 C176 250 160 330 170 412" strokeWidth="1.5" />
      <path d="M192 180 C182 240 204 300 192 414" strokeWidth="2.5" />
      <path d="M216 184 C226 260 208 340 220 412" strokeWidth="1.5" />
      <path d="M246 186 C238 260 252 330 244 412" strokeWidth="2" />
      <path d="M192 262 C180 282 182 306 194 320 C206 302 204 280 192 262" strokeWidth="1.5" />
    </g>
    <path d="M128 200 L128 398" stroke="#fff" strokeWidth="4" strokeLinecap="round" opacity="0.22" />
  </g>
)

export const stool: Drawing = ({ tones, lit }) => (
  <g>
    <path d="M176 262 L152 404 L164 404 L194 262 Z" fill={tones.deep} />
    <path d="M232 262 L256 404 L244 404 L216 262 Z" fill={tones.deep} />
    <path d="M124 330 L276 330 L278 341 L122 341 Z" fill={tones.dark} />
    <path d="M130 258 L92 420 L107 420 L154 262 Z" fill={lit} />
    <path d="M270 258 L308 420 L293 420 L246 262 Z" fill={tones.dark} />
    <path d="M98 240 L98 254 A102 22 0 0 0 302 254 L302 240 Z" fill={lit} />
    <ellipse cx="200" cy="240" rx="102" ry="22" fill={tones.light} />
    <g fill="none" stroke={tones.dark} opacity="0.35" strokeWidth="1.5">
      <ellipse cx="190" cy="239" rx="74" ry="14" />
      <ellipse cx="184" cy="238" rx="48" ry="8.5" />
      <ellipse cx="180" cy="238" rx="22" ry="3.5" />
    </g>
    <g>
      <rect x="168" y="222" width="82" height="13" rx="2" fill="#5d6f7a" />
      <rect x="170" y="224" width="80" height="9" rx="1" fill="#f3ecdf" />
      <rect x="168" y="222" width="82" height="3.5" rx="1.5" fill="#5d6f7a" />
      <rect x="174" y="210" width="70" height="12" rx="2" fill="#b7714f" />
      <rect x="176" y="213" width="68" height="7" rx="1" fill="#f7f1e6" />
    </g>
  </g>
)

const weaveRows = [306, 320, 334, 348, 362, 376, 390, 404]

export const basket: Drawing = ({ tones, lit }) => (
  <g>
    <path
      d="M126 300 C126 168 274 168 274 300"
      fill="none"
      stroke={tones.dark}
      strokeWidth="12"
      strokeLinecap="round"
    />
    <path
      d="M127 300 C128 176 272 176 273 300"
      fill="none"
      stroke={tones.light}
      strokeWidth="3"
      strokeDasharray="9 7"
      opacity="0.8"
    />
    <ellipse cx="200" cy="298" rx="104" ry="22" fill={tones.deep} />
    <g>
      <path d="M150 300 C120 250 128 232 150 222 C160 250 166 270 172 300 Z" fill="#6f8458" />
      <path d="M176 302 C160 244 178 216 198 208 C204 244 200 270 198 302 Z" fill="#839a66" />
      <path d="M206 302 C206 250 226 226 250 222 C250 256 236 282 226 302 Z" fill="#64794f" />
      <path d="M240 304 L288 208 Q296 200 302 208 Q306 214 300 220 L262 306 Z" fill="#cf9c5c" />
      <path d="M270 254 l14 6 M281 232 l14 6" stroke="#f0d3a0" strokeWidth="4" strokeLinecap="round" />
    </g>
    <path
      d="M96 298 A104 22 0 0 0 304 298 L284 404 Q282 416 268 418 Q200 430 132 418 Q118 416 116 404 Z"
      fill={lit}
    />
    <g fill="none" strokeWidth="9">
      {weaveRows.map((y, row) => {
        const inset = (y - 298) * 0.19
        return (
          <path
            key={y}
            d={`M${98 + inset} ${y} Q200 ${y + 20} ${302 - inset} ${y}`}
            stroke={row % 2 === 0 ? tones.dark : tones.light}
            strokeDasharray="15 13"
            strokeDashoffset={row % 2 === 0 ? 0 : 14}
            opacity={row % 2 === 0 ? 0.5 : 0.55}
          />
        )
      })}
    </g>
    <path
      d="M96 298 A104 22 0 0 0 304 298 L302 310 A104 22 0 0 1 98 310 Z"
      fill={tones.dark}
      opacity="0.75"
    />
  </g>
)
