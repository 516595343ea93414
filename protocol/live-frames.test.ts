import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeFrame, encodeFrame, layoutNames, type FrameHeader, type PointColumns } from './live-frames.ts'
import { limits } from './limits.ts'

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)

function headerOf(points: PointColumns, members: Partial<FrameHeader> = {}): FrameHeader {
  return {
    type: 'delta',
    sequence: 7,
    from: '1.2',
    to: '1.3',
    atMs: 1_800_000_000_000,
    newestRecordMs: 1_799_999_999_990,
    pointPages: ['/', '/über-uns', '/購物'],
    points: points.count,
    sampledOneIn: 1,
    skippedPoints: 0,
    ...members,
  }
}

/** Columns with room for more than is used, as the server's are. */
function columnsOf(count: number, capacity = count): PointColumns {
  const fill = (i: number, most: number) => (i * 2_654_435_761) % (most + 1)
  const numbers = (most: number) => Array.from({ length: capacity }, (_, i) => fill(i, most))
  return {
    count,
    x: Uint32Array.from(numbers(limits.positionPxMax)),
    y: Uint32Array.from(numbers(limits.positionPxMax)),
    session: Uint32Array.from(numbers(4_294_967_295)),
    age: Uint16Array.from(numbers(65_535)),
    viewport: Uint16Array.from(numbers(65_535)),
    page: Uint16Array.from(numbers(2)),
    kind: Uint8Array.from(numbers(1)),
  }
}

const names = ['x', 'y', 'session', 'age', 'viewport', 'page', 'kind'] as const

/** The columns as plain lists of what is used. */
function plain(points: PointColumns): number[][] {
  return names.map((name) => [...points[name].subarray(0, points.count)])
}

/** A buffer of its own, as a socket hands it over. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer
}

describe('live frames', () => {
  it('[L2, L6] header and columns come back as they were, whatever they hold', () => {
    const header = fc.record({
      page: fc.string({ unit: 'grapheme', maxLength: 40 }),
      to: fc.string({ maxLength: 60 }),
      points: fc.nat(300),
      spare: fc.nat(50),
    })
    fc.assert(
      fc.property(header, ({ page, to, points: count, spare }) => {
        const points = columnsOf(count, count + spare)
        const sent = headerOf(points, { to, pointPages: [page, '/b', '/c'] })
        const frame = decodeFrame(bufferOf(encodeFrame(sent, points)))
        expect(frame.header).toEqual(sent)
        expect(frame.points.count).toBe(count)
        expect(plain(frame.points)).toEqual(plain(points))
      }),
      { seed, numRuns: 200 },
    )
  })

  it('[L2] the layout byte by byte: length, JSON, zeros, columns', () => {
    const points = columnsOf(3)
    const bytes = encodeFrame(headerOf(points), points)
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const length = view.getUint32(0, true)
    const json = new TextDecoder().decode(bytes.subarray(4, 4 + length))
    expect(JSON.parse(json)).toEqual(headerOf(points))
    const start = Math.ceil((4 + length) / 4) * 4
    expect([...bytes.subarray(4 + length, start)].every((byte) => byte === 0)).toBe(true)
    expect(bytes.length).toBe(start + 3 * 19)
    expect([0, 1, 2].map((i) => view.getUint32(start + 4 * i, true))).toEqual([...points.x])
    expect([0, 1, 2].map((i) => view.getUint16(start + 36 + 2 * i, true))).toEqual([...points.age])
    expect([...bytes.subarray(bytes.length - 3)]).toEqual([...points.kind])
  })

  it('[L2] a frame of the most points is of a size that a viewer’s queue takes several of', () => {
    const points = columnsOf(limits.framePointsMax)
    const bytes = encodeFrame(headerOf(points), points)
    expect(bytes.length).toBeLessThan(limits.viewerQueueBytesMax / 4)
    expect(plain(decodeFrame(bufferOf(bytes)).points)).toEqual(plain(points))
  })

  it('[L3, L5, L8] a snapshot with a gap, and every slice', () => {
    const points = columnsOf(0)
    const ring = [
      {
        second: 1,
        moves: 1,
        clicks: 2,
        scrolls: 3,
        marks: 4,
        handP50Ms: null,
        handP99Ms: 5,
        activeSessions: 6,
      },
    ]
    const sent = headerOf(points, {
      type: 'snapshot',
      from: null,
      gap: { reason: 'too-old', records: 12 },
      ring,
      buttons: [{ target: 'In den Warenkorb 🛒', clicks: 3 }],
      edges: [{ from: null, to: '/', count: 1 }],
      flushMs: 50,
    })
    expect(decodeFrame(bufferOf(encodeFrame(sent, points))).header).toEqual(sent)
  })

  it('[L9] a frame that is cut anywhere throws', () => {
    const points = columnsOf(5)
    const bytes = encodeFrame(headerOf(points), points)
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeFrame(bufferOf(bytes.subarray(0, length))), `${length} bytes`).toThrow()
    }
  })

  it('[L9] a header whose numbers don’t fit throws, and members from the future are passed over', () => {
    const points = columnsOf(2)
    for (const count of [3, -1, 1e9, 2.5]) {
      const bytes = encodeFrame(headerOf(points, { points: count }), points)
      expect(() => decodeFrame(bufferOf(bytes)), String(count)).toThrow(RangeError)
    }
    const future = { ...headerOf(points), weather: 'fine' }
    expect(decodeFrame(bufferOf(encodeFrame(future, points))).points.count).toBe(2)
  })

  it('[L1] a subscription with the longest page and cursor fits into a viewer’s message', () => {
    const message = {
      type: 'subscribe',
      site: 2_147_483_647,
      page: '/'.padEnd(limits.pageBytesMax, 'x'),
      layout: layoutNames[0],
      cursor: 'z'.repeat(limits.logPartitions * 12),
    }
    expect(JSON.stringify(message).length).toBeLessThan(limits.viewerTextBytesMax)
  })
})
