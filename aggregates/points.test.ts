import { limits } from '@sightline/protocol/limits'
import { describe, expect, test } from 'vitest'
import { OnePartition } from './one-partition.fixture.ts'
import { PartitionState } from './partition-state.ts'
import type { PointBatch, PointVisitor } from './points.ts'
import { randomTraffic, type PlainRecord } from './random-traffic.fixture.ts'

interface SeenPoint extends PointBatch {
  timeMs: number
  xPx: number
  yPx: number
  isClick: boolean
}

class Recorder implements PointVisitor {
  oneIn = 0
  clicksLeftOut = 0
  readonly points: SeenPoint[] = []
  #batch: PointBatch | null = null

  begin(sampledOneIn: number, clicksLeftOut: number): void {
    this.oneIn = sampledOneIn
    this.clicksLeftOut = clicksLeftOut
  }

  batch(batch: PointBatch): void {
    this.#batch = { ...batch }
  }

  point(timeMs: number, xPx: number, yPx: number, isClick: boolean): void {
    this.points.push({ ...this.#batch!, timeMs, xPx, yPx, isClick })
  }
}

/** The points of all records in one commit, as live sees them. */
function pointsOf(records: readonly PlainRecord[]): Recorder {
  const partition = new OnePartition()
  for (const record of records) partition.fold(record)
  const { delta, next } = partition.commit()
  const recorder = new Recorder()
  PartitionState.forLive(0, { minute: 1, hour: 1, day: 1 }).apply(delta, 0, next, recorder)
  return recorder
}

const plain = { losses: 0, delays: 0, copies: 0 }

describe('recent points', () => {
  test('[P2] all of them are there while they are few, with page, viewport and corrected time', () => {
    const records = randomTraffic({ seed: 3, records: 60, ...plain }).slice(0, 40)
    const { oneIn, points, clicksLeftOut } = pointsOf(records)
    expect([oneIn, clicksLeftOut]).toEqual([1, 0])
    const expected = records.flatMap((record) => {
      const about = { site: record.site, page: record.page, viewportPx: record.vw, heightPx: record.dh }
      const time = (dt: number) =>
        Math.min(record.recordMs, Math.max(record.recordMs - 900_000, record.baseMs + dt))
      return [
        ...record.moves.map(({ dt, x, y }) => ({
          ...about,
          timeMs: time(dt),
          xPx: x,
          yPx: y,
          isClick: false,
        })),
        ...record.clicks.map(({ dt, x, y }) => ({
          ...about,
          timeMs: time(dt),
          xPx: x,
          yPx: y,
          isClick: true,
        })),
      ]
    })
    expect(points).toMatchObject(expected)
    expect(new Set(points.map(({ session }) => session)).size).toBe(
      new Set(
        records.filter((r) => r.moves.length + r.clicks.length > 0).map((r) => `${r.site} ${r.session}`),
      ).size,
    )
  })

  test.each([150, 400, 1_000])(
    '[P1] of %i batches one move in so many is kept, evenly, and every click',
    (count) => {
      const records = randomTraffic({ seed: count, records: count, ...plain, pauseMsMax: 20 })
      const { oneIn, points } = pointsOf(records)
      const moves = records.flatMap((record) => record.moves)
      const kept = points.filter(({ isClick }) => !isClick)
      expect(Math.log2(oneIn) % 1).toBe(0)
      expect(kept.length).toBeLessThanOrEqual(limits.pointsPerCommitMax)
      expect(kept.length).toBeGreaterThan(Math.min(moves.length, limits.pointsPerCommitMax) / 2 - 1)
      expect(kept.map(({ xPx, yPx }) => [xPx, yPx])).toEqual(
        moves.filter((_, i) => i % oneIn === 0).map(({ x, y }) => [x, y]),
      )
      expect(points.length - kept.length).toBe(records.flatMap((record) => record.clicks).length)
    },
  )

  test('[P1] clicks beyond the limit are counted', () => {
    const records = randomTraffic({ seed: 9, records: 2_600, ...plain, pauseMsMax: 5 })
    const clicks = records.flatMap((record) => record.clicks).length
    expect(clicks).toBeGreaterThan(limits.pointsPerCommitMax)
    const { points, clicksLeftOut } = pointsOf(records)
    expect(points.filter(({ isClick }) => isClick)).toHaveLength(limits.pointsPerCommitMax)
    expect(clicksLeftOut).toBe(clicks - limits.pointsPerCommitMax)
  })
})
