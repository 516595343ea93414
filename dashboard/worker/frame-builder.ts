import {
  decodeFrame,
  encodeFrame,
  type FrameHeader,
  type PointColumns,
} from '@sightline/protocol/live-frames'

/** One point of a frame made for a test. */
export interface TestPoint {
  x?: number
  y?: number
  session?: number
  ageMs?: number
  viewport?: number
  page?: string
  kind?: 0 | 1
}

/** A frame's bytes; what is not given has a plain value. For tests. */
export function frameBytes(header: Partial<FrameHeader>, points: readonly TestPoint[] = []): ArrayBuffer {
  const pages = [...new Set(points.map(({ page }) => page ?? '/'))]
  const whole: FrameHeader = {
    type: 'delta',
    sequence: 1,
    from: null,
    to: 'a',
    atMs: 1_000_000,
    newestRecordMs: 999_900,
    pointPages: pages,
    points: points.length,
    sampledOneIn: 1,
    skippedPoints: 0,
    ...header,
  }
  return encodeFrame(whole, columns(points, pages)).buffer as ArrayBuffer
}

/** The same, decoded. */
export function frame(header: Partial<FrameHeader>, points: readonly TestPoint[] = []) {
  return decodeFrame(frameBytes(header, points))
}

function columns(points: readonly TestPoint[], pages: readonly string[]): PointColumns {
  return {
    count: points.length,
    x: Uint32Array.from(points, ({ x = 0 }) => x),
    y: Uint32Array.from(points, ({ y = 0 }) => y),
    session: Uint32Array.from(points, ({ session = 1 }) => session),
    age: Uint16Array.from(points, ({ ageMs = 0 }) => ageMs),
    viewport: Uint16Array.from(points, ({ viewport = 1_000 }) => viewport),
    page: Uint16Array.from(points, ({ page = '/' }) => pages.indexOf(page)),
    kind: Uint8Array.from(points, ({ kind = 0 }) => kind),
  }
}
