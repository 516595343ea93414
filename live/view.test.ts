import { closures } from '@sightline/protocol/errors'
import type { FrameHeader } from '@sightline/protocol/live-frames'
import { limits } from '@sightline/protocol/limits'
import { beforeEach, expect, test } from 'vitest'
import { PointBuffer } from './point-buffer.ts'
import type { Slices } from './slices.ts'
import { TestClock } from './test-installation.fixture.ts'
import { isChain, RecordingSocket } from './test-viewer.fixture.ts'
import { View } from './view.ts'
import { Viewer } from './viewer.ts'

let clock: TestClock
let cursor: number
let changed: Partial<FrameHeader> | null
let view: View
let slow: number

const whole = { flushMs: 50 }

beforeEach(() => {
  clock = new TestClock()
  cursor = 1
  changed = null
  slow = 0
  const slices = { due: () => changed, whole: () => whole } as unknown as Slices
  const position = () => ({ cursor: `c${cursor}`, newestRecordMs: 0 })
  view = new View(
    { site: 1, page: null, layout: null },
    { slices, clock, position, onSent: () => {}, onSlow: () => slow++ },
  )
})

function join(): { socket: RecordingSocket; viewer: Viewer } {
  const socket = new RecordingSocket()
  const viewer = new Viewer(socket)
  view.join(viewer)
  return { socket, viewer }
}

/** A commit with some points arrives, and the view is asked for a frame after `ms`. */
function commit(points: number, ms: number = limits.viewerFrameMsMin): void {
  cursor++
  for (let i = 0; i < points; i++)
    view.points.add(clock.nowMs - i, i, 2 * i, 1_440, 9, view.points.pageOf('/'), 0)
  clock.pass(ms)
  view.tick()
}

test('[LV6] a viewer that joins gets a snapshot with all slices', () => {
  const { socket } = join()
  expect(socket.frames.length).toBe(1)
  expect(socket.last).toMatchObject({ type: 'snapshot', from: null, to: 'c1', points: 0, ...whole })
  expect(socket.last.gap).toBeUndefined()
})

test('[LV7] frames continue each other, with each point once', () => {
  const { socket } = join()
  for (let i = 0; i < 5; i++) commit(3)
  expect(isChain(socket.frames)).toBe(true)
  expect(socket.frames.map(({ points }) => points.count)).toEqual([0, 3, 3, 3, 3, 3])
  expect([...socket.frames[2].points.y.subarray(0, 3)]).toEqual([0, 2, 4])
  expect(socket.last.sampledOneIn).toBe(1)
})

test('[LV8] a frame for a thousand viewers is encoded once', () => {
  const sockets = Array.from({ length: 1_000 }, () => join().socket)
  commit(10)
  const bytes = new Set(sockets.map(({ frames }) => frames[frames.length - 1].bytes))
  expect(bytes.size).toBe(1)
  expect(sockets.every(({ last }) => last.points === 10)).toBe(true)
})

test('[LV7] who joins between two frames is not told points twice, and others are not kept waiting', () => {
  const first = join()
  commit(2)
  cursor++
  view.points.add(clock.nowMs, 1, 1, 1_440, 9, view.points.pageOf('/'), 0)
  const second = join()
  commit(4)
  expect(first.socket.frames.map(({ points }) => points.count)).toEqual([0, 2, 1, 4])
  expect(second.socket.frames.map(({ points }) => points.count)).toEqual([0, 4])
  expect(isChain(first.socket.frames)).toBe(true)
  expect(isChain(second.socket.frames)).toBe(true)
})

test('[LV12] who resumes gets what it missed, and after it only what is new', () => {
  join()
  commit(2)
  cursor++
  view.points.add(clock.nowMs, 7, 7, 1_440, 9, view.points.pageOf('/'), 0)
  const missed = new PointBuffer()
  for (let i = 0; i < 3; i++) missed.add(clock.nowMs, i, i, 1_440, 9, missed.pageOf('/'), 0)
  const socket = new RecordingSocket()
  view.resume(new Viewer(socket), 'c1', missed)
  commit(4)
  expect(socket.frames.map(({ header }) => [header.type, header.from, header.to, header.points])).toEqual([
    ['delta', 'c1', 'c3', 3],
    ['delta', 'c3', 'c4', 4],
  ])
  expect(socket.frames[0].header).toMatchObject(whole)
})

test('[LV9] at most one frame per viewerFrameMsMin; what came too early is asked for again in time', () => {
  const { socket } = join()
  commit(1)
  expect(socket.frames.length).toBe(2)
  cursor++
  view.points.add(clock.nowMs, 1, 1, 1_440, 9, view.points.pageOf('/'), 0)
  clock.pass(limits.viewerFrameMsMin - 3)
  expect(view.tick()).toBe(3)
  expect(socket.frames.length).toBe(2)
  clock.pass(3)
  expect(view.tick()).toBe(0)
  expect(socket.frames.length).toBe(3)
})

test('[LV9] commits of other sites made a frame every 16 ms for everybody; now one a second says that all is well', () => {
  const { socket } = join()
  for (let ms = 0; ms < limits.viewerFrameMsMax * 3; ms += limits.viewerFrameMsMin) commit(0)
  expect(socket.frames.length).toBeGreaterThanOrEqual(3)
  expect(socket.frames.length).toBeLessThanOrEqual(4)
  expect(isChain(socket.frames)).toBe(true)
})

test('[LV9] a clock that is set back an hour does not hold frames up', () => {
  const { socket } = join()
  commit(1)
  clock.nowMs -= 3_600_000
  commit(1)
  expect(socket.frames.length).toBe(3)
})

test('[LV10, L4] who does not draw gets one conflated frame with a count of what it missed; others notice nothing', () => {
  const lazy = join()
  const quick = join()
  const draw = () => quick.viewer.drawn(quick.socket.last.sequence)
  for (let i = 1; i < limits.viewerUnseenFramesMax; i++) {
    commit(2)
    draw()
  }
  const before = lazy.socket.frames.length
  for (let i = 0; i < 5; i++) {
    commit(10)
    draw()
  }
  expect(lazy.socket.frames.length).toBe(before)
  lazy.viewer.drawn(lazy.socket.last.sequence)
  commit(1)
  draw()
  commit(1)
  expect(
    lazy.socket.frames
      .slice(before)
      .map(({ header }) => [header.points, header.skippedPoints, header.flushMs]),
  ).toEqual([
    [1, 50, 50],
    [1, 0, undefined],
  ])
  expect(isChain(lazy.socket.frames)).toBe(true)
  expect(isChain(quick.socket.frames)).toBe(true)
  expect(quick.socket.frames.every(({ header }) => header.skippedPoints === 0)).toBe(true)
})

test('[LV10, L7] points beyond the bound of a frame are counted, also for those who missed the frame', () => {
  const quick = join()
  const lazy = join()
  lazy.socket.bufferedAmount = limits.viewerQueueBytesMax / 2
  commit(limits.framePointsMax + 70)
  expect(quick.socket.last).toMatchObject({ points: limits.framePointsMax, skippedPoints: 70 })
  lazy.socket.bufferedAmount = 0
  commit(1)
  expect(lazy.socket.last).toMatchObject({ points: 1, skippedPoints: limits.framePointsMax + 70 })
})

test('[LV11] slow for viewerSlowMsMax: closed with 4009; not when it has caught up meanwhile', () => {
  const stalled = join()
  const late = join()
  for (let i = 0; i < limits.viewerUnseenFramesMax; i++) commit(1)
  late.viewer.drawn(late.socket.last.sequence)
  // For a long time nothing happens, so nobody looks how they are.
  commit(1, limits.viewerSlowMsMax + 1_000)
  expect(stalled.socket.closed).toEqual({ code: closures.slow.code, reason: 'slow' })
  expect(late.socket.closed).toBeNull()
  expect(slow).toBe(1)
  expect(view.viewerCount).toBe(1)
  // Slow once more: its patience begins anew.
  late.socket.bufferedAmount = limits.viewerQueueBytesMax / 2
  commit(1)
  expect(late.socket.closed).toBeNull()
  commit(1, limits.viewerSlowMsMax + 1_000)
  expect(late.socket.closed?.code).toBe(closures.slow.code)
})

test('[LV11] with more unsent than viewerQueueBytesMax: closed at once', () => {
  const { socket } = join()
  socket.bufferedAmount = limits.viewerQueueBytesMax + 1
  commit(1)
  expect(socket.closed?.code).toBe(closures.slow.code)
})

test('[LV3] after a rollback all get one snapshot that says so, the slow ones when they have caught up', () => {
  const quick = join()
  const lazy = join()
  lazy.socket.bufferedAmount = limits.viewerQueueBytesMax / 2
  view.points.add(clock.nowMs, 1, 1, 1_440, 9, view.points.pageOf('/'), 0)
  const gap = { reason: 'rolled-back', records: 0 } as const
  view.restart(gap)
  view.restart(gap)
  commit(2)
  expect(quick.socket.last).toMatchObject({ type: 'snapshot', gap, points: 2 })
  expect(quick.socket.frames.length).toBe(2)
  expect(lazy.socket.frames.length).toBe(1)
  lazy.socket.bufferedAmount = 0
  commit(0)
  expect(lazy.socket.last).toMatchObject({ type: 'snapshot', gap })
  commit(1)
  expect(quick.socket.last.gap).toBeUndefined()
  expect(isChain(quick.socket.frames)).toBe(true)
})

test('[LV7] the rate at which points were sampled holds for the frame that they are in, not for ever', () => {
  const { socket } = join()
  view.points.sampledOneIn = 8
  commit(3)
  expect(socket.last.sampledOneIn).toBe(8)
  commit(3)
  expect(socket.last.sampledOneIn).toBe(1)
})

test('[LV7] points that nobody was there for do not pile up for the next one', () => {
  commit(5_000)
  const { socket } = join()
  commit(1)
  expect(socket.frames.map(({ points }) => points.count)).toEqual([0, 1])
})
