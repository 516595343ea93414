import { RoomScene, type SceneThing } from './room-scene.tsx'

const livingRoom: readonly SceneThing[] = [
  { drawing: 'lamp', colour: '#6f7f6a', x: 300, y: 392, scale: 0.66 },
  { drawing: 'vase', colour: '#b7714f', x: 470, y: 392, scale: 0.56 },
  { drawing: 'bowl', colour: '#e2d6c2', x: 604, y: 392, scale: 0.44 },
  { drawing: 'stool', colour: '#b98a58', x: 770, y: 596, scale: 0.86 },
  { drawing: 'basket', colour: '#c9a470', x: 140, y: 600, scale: 0.62 },
]

/** The home page's room: a sideboard by the window. */
export function LivingRoom() {
  return (
    <RoomScene
      label="A sideboard by a window with a lamp, a vase and a bowl; beside it a stool and a basket"
      width={920}
      height={680}
      things={livingRoom}
    >
      <rect width="920" height="680" fill="#dfe0d2" />
      <path d="M0 560 H920 V680 H0 Z" fill="#c8a67a" />
      <path
        d="M0 560 H920 M0 600 H920 M0 644 H920 M160 560 L120 680 M420 560 L400 680 M700 560 L720 680"
        stroke="#b48f61"
        strokeWidth="2"
        fill="none"
      />
      <rect y="546" width="920" height="14" fill="#f4eee1" />
      <path d="M640 40 h190 v300 h-190 z" fill="#f7f2e6" />
      <path d="M652 52 h166 v276 h-166 z" fill="#cfe0e2" />
      <path d="M652 250 Q700 214 744 244 T818 226 V328 H652 Z" fill="#9db290" />
      <path d="M652 280 Q710 252 760 276 T818 268 V328 H652 Z" fill="#84a07b" />
      <path d="M732 52 h6 v276 h-6 z M652 184 h166 v6 h-166 z" fill="#f7f2e6" />
      <rect x="626" y="336" width="218" height="14" rx="3" fill="#efe7d7" />
      <path d="M640 350 L420 560 H700 L830 350 Z" fill="#fff7df" opacity="0.3" />
      <rect x="92" y="70" width="118" height="150" fill="#a77d4f" />
      <rect x="100" y="78" width="102" height="134" fill="#f8f2e6" />
      <path d="M118 188 C118 128 184 128 184 188 Z" fill="#c27f56" />
      <circle cx="151" cy="118" r="13" fill="#d9a94a" />
      <ellipse cx="430" cy="610" rx="330" ry="20" fill="#8d6a41" opacity="0.35" />
      <path d="M226 548 h18 l-6 60 h-10 z M640 548 h18 l-2 60 h-10 z" fill="#6b4c2d" />
      <rect x="206" y="386" width="472" height="168" rx="6" fill="#9c7044" />
      <rect x="200" y="380" width="484" height="16" rx="4" fill="#c0925d" />
      <path
        d="M222 408 h140 v132 h-140 z M372 408 h140 v132 h-140 z M522 408 h140 v132 h-140 z"
        fill="#a97b4c"
      />
      <path
        d="M286 470 h12 M436 470 h12 M586 470 h12"
        stroke="#4f3820"
        strokeWidth="5"
        strokeLinecap="round"
      />
    </RoomScene>
  )
}

const shelves: readonly SceneThing[] = [
  { drawing: 'mug', colour: '#e2d6c2', x: 130, y: 204, scale: 0.46 },
  { drawing: 'mug', colour: '#6f7f6a', x: 250, y: 204, scale: 0.46 },
  { drawing: 'mug', colour: '#b7714f', x: 370, y: 204, scale: 0.46 },
  { drawing: 'teapot', colour: '#46525e', x: 540, y: 204, scale: 0.56 },
  { drawing: 'vase', colour: '#d9cbb3', x: 720, y: 204, scale: 0.42 },
  { drawing: 'bowl', colour: '#6f7f6a', x: 190, y: 414, scale: 0.56 },
  { drawing: 'vase', colour: '#46525e', x: 380, y: 414, scale: 0.48 },
  { drawing: 'bowl', colour: '#b7714f', x: 560, y: 414, scale: 0.5 },
  { drawing: 'mug', colour: '#46525e', x: 720, y: 414, scale: 0.46 },
]

/** The workshop's drying shelves, of the about page. */
export function WorkshopShelves() {
  return (
    <RoomScene
      label="Two oak shelves in the workshop with mugs, bowls, vases and a teapot"
      width={840}
      height={480}
      things={shelves}
    >
      <rect width="840" height="480" fill="#ece4d6" />
      <path d="M60 480 L330 0 H470 L200 480 Z M420 480 L690 0 H760 L490 480 Z" fill="#fff9ea" opacity="0.6" />
      <rect x="40" y="204" width="760" height="16" rx="3" fill="#b98a58" />
      <rect x="40" y="414" width="760" height="16" rx="3" fill="#b98a58" />
      <rect x="40" y="216" width="760" height="6" fill="#8d6842" />
      <rect x="40" y="426" width="760" height="6" fill="#8d6842" />
      <path
        d="M110 222 v26 h-16 M730 222 v26 h16 M110 432 v26 h-16 M730 432 v26 h16"
        stroke="#4f4438"
        strokeWidth="5"
        fill="none"
      />
    </RoomScene>
  )
}
