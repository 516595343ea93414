/**
 * The protocol between a live server and its viewers (SPEC.md, rules L…).
 *
 * Viewer → server: JSON text (ViewerMessage). Server → viewer: binary frames:
 * u32 little-endian length of the header, header (JSON, UTF-8), zero padding to a multiple of 4, then the point
 * columns (PointColumns) one after the other.
 *
 * Slices are absolute, points are new since the frame before. A frame continues the frame whose `to` equals its `from`;
 * anything else is a gap and is said so.
 */
export type ViewerMessage =
  | {
      type: 'subscribe'
      site: number
      /** One page, or null for all. */
      page: string | null
      /** One layout class, or null for all. */
      layout: LayoutName | null
      /** `to` of the last frame seen, to resume; null for a snapshot. */
      cursor: string | null
    }
  /** The viewer has drawn this frame: flow control. */
  | { type: 'seen'; sequence: number }
  | { type: 'pause' }
  /** Goes on after a pause, from the cursor of the last frame. */
  | { type: 'resume'; cursor: string | null }

export type LayoutName = 'phone' | 'tablet' | 'desktop' | 'wide'
export const layoutNames: readonly LayoutName[] = ['phone', 'tablet', 'desktop', 'wide']

export interface FrameHeader {
  type: 'snapshot' | 'delta'
  /** Ascending within a subscription, not necessarily by one. */
  sequence: number
  /** Position before this frame; null for a snapshot. Opaque. */
  from: string | null
  to: string
  /** Present when this viewer missed points: so many records were folded in between (0 = not known). */
  gap?: { reason: 'too-old' | 'rolled-back'; records: number }
  /** The server's clock when the frame was made, ms. */
  atMs: number
  /** Receive time of the newest record in it, ms; 0 = none yet. */
  newestRecordMs: number

  // Slices: present when changed, whole in a snapshot.
  numbers?: Numbers
  /** Seconds that changed, absolute, ascending; a snapshot has the last 300. Only whole rows are replaced. */
  ring?: RingSecond[]
  /** Ranked, at most `buttonsListedMax`; of the present minute and the five before. */
  buttons?: ButtonCount[]
  /** Most viewed first, at most `pagesListedMax`; of the present minute and the five before. */
  pages?: PageCount[]
  /** At most `edgesListedMax`, of the present hour and the one before. from null = entry. */
  edges?: Edge[]
  /** Most recently active first, at most `sessionsListedMax`. */
  sessions?: SessionNow[]
  stages?: StageState[]
  ledger?: Ledger
  /** How often trackers of this site flush at present, ms. */
  flushMs?: number

  /** Pages that the points' `page` column refers to. */
  pointPages: string[]
  /** Points in the binary part. */
  points: number
  /** 1 = every point is here; 8 = one in eight, the rest counted only. */
  sampledOneIn: number
  /** Points left out because the viewer was slow, or because there were more than a frame takes. */
  skippedPoints: number
}

export interface Numbers {
  /** Sessions with an event in the last five minutes. */
  activeSessions: number
  /** Mean of the last five whole seconds. */
  eventsPerSecond: number
  clicksPerSecond: number
  /** Hand to live server, of the last whole seconds; null = no events yet. */
  lagP50Ms: number | null
  lagP99Ms: number | null
  /** Events known to be lost, and events sealed in browsers, since the site exists. */
  lostEvents: number
  sealedEvents: number
  /** All events counted, since the site exists. */
  countedEvents: number
}

export interface RingSecond {
  /** Seconds since the epoch. */
  second: number
  moves: number
  clicks: number
  scrolls: number
  marks: number
  /** Hand to gateway, ms; null = no events. */
  handP50Ms: number | null
  handP99Ms: number | null
  activeSessions: number
}

export interface ButtonCount {
  target: string
  clicks: number
}

export interface PageCount {
  page: string
  views: number
  events: number
  /** Median document height seen, px, by layout; used as the frame of the scatter. */
  heightPx: number
  /** Median viewport height seen, px: where the fold lies. Absent = not known. */
  foldPx?: number
}

export interface Edge {
  from: string | null
  to: string
  count: number
}

export interface SessionNow {
  /** First 6 hex digits of the session id's hash. */
  id: string
  page: string
  layout: LayoutName
  xPx: number
  yPx: number
  viewportPx: number
  heightPx: number
  events: number
  firstMs: number
  lastMs: number
}

export interface StageState {
  stage: 'hand' | 'gateway' | 'log' | 'processor' | 'store' | 'live'
  /** How long data waits in this stage; null = unknown. */
  p50Ms: number | null
  p99Ms: number | null
  /** Items waiting at present. */
  queue: number | null
  instances: number
}

/** Events of a site, since it exists. Both identities must balance: SPEC.md, rules A…. */
export interface Ledger {
  received: number
  counted: number
  duplicate: number
  tooOld: number
  excluded: number
  deadLettered: number
  sealed: number
  /** sealed - counted - excluded - deadLettered; in flight or lost. */
  missing: number
  inFlight: number
  lost: number
  lostRing: number
  lostRefused: number
  /** Pointer samples seen by the tracker and not sealed. */
  thinned: number
  lanes: number
  lanesFinished: number
  balanced: boolean
}

/** Columns of `count` points, in this order, in a frame's binary part. */
export interface PointColumns {
  count: number
  /** Page px. */
  x: Uint32Array
  y: Uint32Array
  session: Uint32Array
  /** ms before the frame's atMs. */
  age: Uint16Array
  /** Viewport width, px: x / viewport is the horizontal position on any width. */
  viewport: Uint16Array
  /** Index into pointPages. */
  page: Uint16Array
  /** 0 move, 1 click. */
  kind: Uint8Array
}

const bytesPerPoint = 4 + 4 + 4 + 2 + 2 + 2 + 1

/** One frame as bytes; the columns' first `count` elements are used. */
export function encodeFrame(header: FrameHeader, points: PointColumns): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header))
  const start = (4 + json.length + 3) & ~3
  const n = points.count
  const bytes = new Uint8Array(start + n * bytesPerPoint)
  new DataView(bytes.buffer).setUint32(0, json.length, true)
  bytes.set(json, 4)
  let at = start
  for (const column of [
    points.x,
    points.y,
    points.session,
    points.age,
    points.viewport,
    points.page,
    points.kind,
  ]) {
    const part = column.subarray(0, n)
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at)
    at += part.byteLength
  }
  return bytes
}

/** Reads a frame; the columns are views into `buffer`. Throws RangeError when the frame is cut. */
export function decodeFrame(buffer: ArrayBuffer): { header: FrameHeader; points: PointColumns } {
  const length = new DataView(buffer).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length))) as FrameHeader
  const n = header.points
  let at = (4 + length + 3) & ~3
  const take = (size: number) => (at += n * size) - n * size
  const points: PointColumns = {
    count: n,
    x: new Uint32Array(buffer, take(4), n),
    y: new Uint32Array(buffer, take(4), n),
    session: new Uint32Array(buffer, take(4), n),
    age: new Uint16Array(buffer, take(2), n),
    viewport: new Uint16Array(buffer, take(2), n),
    page: new Uint16Array(buffer, take(2), n),
    kind: new Uint8Array(buffer, take(1), n),
  }
  return { header, points }
}
