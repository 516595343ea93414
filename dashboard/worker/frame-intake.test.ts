import { expect, test } from 'vitest'
import { frame, type TestPoint } from './frame-builder.ts'
import { FrameIntake } from './frame-intake.ts'
import type { FrameHeader } from '@sightline/protocol/live-frames'

function take(intake: FrameIntake, header: Partial<FrameHeader>, points: TestPoint[] = [], clockMs = 0) {
  const { header: whole, points: columns } = frame(header, points)
  return intake.take(whole, columns, clockMs, 5_000_000 + clockMs)
}

test('points go to the ring with the time at which they happened, clicks to a ring of their own as well', () => {
  const intake = new FrameIntake()
  take(
    intake,
    { type: 'snapshot' },
    [
      { x: 10, y: 20, ageMs: 40 },
      { x: 30, y: 40, ageMs: 5, kind: 1, page: '/cart' },
    ],
    1_000,
  )
  expect(intake.moves.count).toBe(2)
  expect(intake.moves.bornMs[0]).toBe(960)
  expect(intake.clicks.count).toBe(1)
  expect(intake.clicks.x[0]).toBe(30)
  expect(intake.pages.path(intake.clicks.page[0])).toBe('/cart')
})

test('a page keeps its number from frame to frame, whatever the order in the frame', () => {
  const intake = new FrameIntake()
  take(intake, { type: 'snapshot', to: 'a' }, [{ page: '/a' }, { page: '/b' }])
  take(intake, { sequence: 2, from: 'a', to: 'b' }, [{ page: '/b' }, { page: '/a' }])
  expect([...intake.moves.page.subarray(0, 4)]).toEqual([1, 2, 2, 1])
})

test('a viewport of 0 does not divide by 0', () => {
  const intake = new FrameIntake()
  take(intake, { type: 'snapshot' }, [{ viewport: 0 }])
  expect(intake.moves.viewport[0]).toBe(1)
})

test('a frame out of the chain leaves the points alone', () => {
  const intake = new FrameIntake()
  expect(take(intake, { from: 'a', to: 'b' }, [{}]).taken).toBe(false)
  expect(intake.moves.count).toBe(0)
})

test('a gap is handed on, the points before it stay', () => {
  const intake = new FrameIntake()
  take(intake, { type: 'snapshot', to: 'a' }, [{}])
  const taken = take(intake, { sequence: 2, from: 'q', to: 'r' }, [{}])
  expect(taken).toEqual({ taken: true, gap: { reason: 'broken-chain', records: 0 }, resubscribe: true })
  expect(intake.moves.count).toBe(2)
})

test('slices that the frame has go to the outbox, others are left as they are', () => {
  const intake = new FrameIntake()
  take(intake, { type: 'snapshot', to: 'a', buttons: [{ target: 'Buy', clicks: 2 }], flushMs: 50 })
  expect(intake.outbox.take(0).slices).toEqual({ buttons: [{ target: 'Buy', clicks: 2 }], flushMs: 50 })
  take(intake, { sequence: 2, from: 'a', to: 'b' })
  expect(intake.outbox.take(9_000).slices).toEqual({})
})

test('skipped points are added up and forgotten after a minute', () => {
  const intake = new FrameIntake()
  take(intake, { type: 'snapshot', to: 'a', skippedPoints: 100 }, [], 0)
  take(intake, { sequence: 2, from: 'a', to: 'b', skippedPoints: 50 }, [], 30_000)
  expect(intake.skippedPoints(30_000)).toBe(150)
  expect(intake.skippedPoints(70_000)).toBe(50)
})

test('another view keeps nothing of the one before', () => {
  const intake = new FrameIntake()
  take(intake, { type: 'snapshot', flushMs: 50 }, [{ kind: 1 }])
  intake.clear('/cart')
  expect([intake.moves.count, intake.clicks.count, intake.chain.cursor, intake.asOf]).toEqual([
    0,
    0,
    null,
    null,
  ])
  expect(intake.outbox.take(0).slices).toEqual({})
  expect(intake.tiles.tiles(intake.pages).map(({ page }) => page)).toEqual(['/cart'])
})

test('a frame is behind by its newest record while records come, and by nothing on a quiet site', () => {
  const intake = new FrameIntake()
  let sequence = 0
  const behindMs = (atMs: number, newestRecordMs: number) => {
    sequence++
    const chain: Partial<FrameHeader> =
      sequence === 1 ? { type: 'snapshot', to: '1' } : { from: String(sequence - 1), to: String(sequence) }
    take(intake, { ...chain, sequence, atMs, newestRecordMs })
    return intake.asOf?.behindMs
  }
  // Before a second frame nobody knows whether a record is old because it is late or because none came after it.
  expect(behindMs(100_000, 40_000)).toBe(0)
  expect(behindMs(101_000, 41_000)).toBe(60_000)
  expect(behindMs(102_000, 41_000)).toBe(60_000)
  expect(behindMs(103_000, 102_700)).toBe(300)
  expect(behindMs(170_000, 102_700)).toBe(0)
})
