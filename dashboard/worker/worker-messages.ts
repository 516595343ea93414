import type {
  ButtonCount,
  Edge,
  LayoutName,
  Ledger,
  Numbers,
  PageCount,
  SessionNow,
  StageState,
} from '@sightline/protocol/live-frames'
import type { Gap } from './frame-chain.ts'
import type { Tile } from './page-tiles.ts'
import type { ThemeColors } from './scatter-colors.ts'
import type { SeriesColumns } from './series-history.ts'

/** What the page looks at. */
export interface LiveView {
  site: number
  page: string | null
  layout: LayoutName | null
}

/** Page → worker. */
export type WorkerCommand =
  | { type: 'start'; url: string; view: LiveView; reducedMotion: boolean }
  | { type: 'view'; view: LiveView }
  /** The canvas to draw on from now on; sizes in CSS px. */
  | {
      type: 'canvas'
      canvas: OffscreenCanvas
      width: number
      height: number
      ratio: number
      colors: ThemeColors
    }
  | { type: 'canvas-gone' }
  | { type: 'size'; width: number; height: number; ratio: number }
  | { type: 'colors'; colors: ThemeColors }
  /** By the person (button, Space). */
  | { type: 'paused'; paused: boolean }
  /** By the browser (another tab is in front). */
  | { type: 'hidden'; hidden: boolean }
  /** Whether the points are also wanted as rows. */
  | { type: 'point-rows'; wanted: boolean }

/** The slices of state that the page shows, each sent at most so often (slice-outbox.ts). */
export interface SliceValues {
  numbers: Numbers
  series: SeriesColumns
  buttons: ButtonCount[]
  pages: PageCount[]
  edges: Edge[]
  sessions: SessionNow[]
  stages: StageState[]
  ledger: Ledger
  flushMs: number
  drawing: DrawingFigures
  pointRows: PointRow[]
}
export type SliceName = keyof SliceValues

/** When the newest frame came, and how far behind it was then. Epoch ms. */
export interface FrameStamp {
  /** This machine's clock. */
  receivedMs: number
  /** The server's clock when the frame was made. */
  atMs: number
  /** 0 = no record yet. */
  newestRecordMs: number
  /** How far its newest record was behind the server's clock while records came, ms; 0 when none come. */
  behindMs: number
}

export interface DrawingFigures {
  movesDrawn: number
  clicksDrawn: number
  /** Points on pages that have no frame of their own, not drawn. */
  elsewhere: number
  /** Points below or beside their page's frame, not drawn. */
  outside: number
  /** Points still wanted that newer ones pushed out of the ring. */
  evicted: number
  framesPerSecond: number
  /** Mean time to draw one picture. */
  drawMs: number
  /** Mean time from a frame's arrival to its picture. */
  arrivalToPictureMs: number
  /** The server sends one point in so many; 1 = all. */
  sampledOneIn: number
  /** Points that the server left out in the last minute because this viewer was slow. */
  skippedPoints: number
  /** Where each page is drawn. */
  tiles: Tile[]
}

export interface PointRow {
  kind: 'move' | 'click'
  page: string
  /** 6 hex digits. */
  session: string
  xPx: number
  yPx: number
  viewportPx: number
  ageMs: number
}

export type ConnectionState =
  | { status: 'connecting'; everOpen: boolean }
  | { status: 'open' }
  | { status: 'paused' }
  /** Lost; the next attempt is at this time (epoch ms). */
  | { status: 'waiting'; everOpen: boolean; retryAtMs: number; code: number }
  /** The server wants a sign-in; no further attempts. */
  | { status: 'unauthorized' }

/** Worker → page. */
export type WorkerReport =
  | {
      type: 'slices'
      slices: Partial<SliceValues>
      /** Slices that changed and are held back by their rate: they are older than `asOf`. */
      held: SliceName[]
      asOf: FrameStamp | null
    }
  | { type: 'connection'; connection: ConnectionState }
  | { type: 'gap'; gap: Gap; atMs: number }
  /** The view was changed: everything shown before belongs to another one. */
  | { type: 'cleared' }
