import { limits } from '@sightline/protocol/limits'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LiveHub } from './live-hub.ts'
import { PointBuffer } from './point-buffer.ts'
import { TestClock, TestInstallation, until } from './test-installation.fixture.ts'
import { RecordingSocket } from './test-viewer.fixture.ts'

let installation: TestInstallation

beforeEach(async () => {
  installation = await TestInstallation.open()
})

afterEach(() => installation.destroy())

async function startHub(registry = installation.engine.registry) {
  const clock = new TestClock()
  const follower = await installation.startFollower(clock)
  const warnings: string[] = []
  const hub = new LiveHub({
    follower,
    registry,
    clock,
    instance: 'live-a',
    warn: (line) => void warnings.push(line),
  })
  return { hub, follower, clock, warnings }
}

const subscribe = { type: 'subscribe', site: 1, page: null, layout: null, cursor: null } as const

test('[LV6] who looks at nothing yet is asked for nothing', async () => {
  const { hub } = await startHub()
  const socket = new RecordingSocket()
  const seat = hub.admit(socket)
  expect(seat.take({ type: 'pause' })).toBe(true)
  expect(seat.take({ type: 'resume', cursor: null })).toBe(true)
  expect(seat.take({ type: 'seen', sequence: 1 })).toBe(true)
  expect(seat.take({ ...subscribe, site: 77 })).toBe(false)
  seat.leave()
  expect(socket.frames).toEqual([])
})

test('[LV14] a viewer that was slow before its pause was closed at its first frame after it', async () => {
  const { hub, clock } = await startHub()
  const socket = new RecordingSocket()
  const seat = hub.admit(socket)
  seat.take(subscribe)
  socket.bufferedAmount = limits.viewerQueueBytesMax / 2
  clock.pass(limits.viewerFrameMsMax)
  hub.start()
  await new Promise((resolve) => setTimeout(resolve, 300))
  seat.take({ type: 'pause' })
  socket.bufferedAmount = 0
  clock.pass(60_000)
  seat.take({ type: 'resume', cursor: null })
  clock.pass(limits.viewerFrameMsMax)
  await until('it gets a frame', () => socket.frames.length >= 3)
  expect(socket.closed).toBeNull()
  hub.stop()
})

test('[LV17] with nobody looking, points are not even read', async () => {
  const { hub, follower } = await startHub()
  expect(follower.onPoints).toBeNull()
  const [one, two] = [hub.admit(new RecordingSocket()), hub.admit(new RecordingSocket())]
  one.take(subscribe)
  two.take({ ...subscribe, page: '/cart' })
  expect(hub.viewerCount).toBe(2)
  one.leave()
  expect(follower.onPoints).not.toBeNull()
  two.leave()
  two.leave()
  expect(follower.onPoints).toBeNull()
  expect(hub.viewerCount).toBe(0)
})

test('[LV5] presence that fails is said once, and stages that report no more are not shown for ever', async () => {
  const { registry } = installation.engine
  let fails = false
  const failing = new Proxy(registry, {
    get(target, name: keyof typeof registry) {
      if (fails && (name === 'report' || name === 'reports' || name === 'watch'))
        return () => Promise.reject(new Error('no Redis'))
      const member = target[name]
      return typeof member === 'function' ? (member as () => unknown).bind(target) : member
    },
  })
  await registry.report({ stage: 'gateway', instance: 'g', atMs: 0, figures: { appendP50Ms: 1 } })
  const { hub, clock, warnings } = await startHub(failing)
  const socket = new RecordingSocket()
  hub.admit(socket).take(subscribe)
  hub.start()
  const gateways = () =>
    socket.frames
      .findLast(({ header }) => header.stages)
      ?.header.stages?.find(({ stage }) => stage === 'gateway')?.instances
  await until('the gateway is shown', () => (clock.pass(100), gateways() === 1))
  fails = true
  await until('the gateway is no longer shown', () => (clock.pass(100), gateways() === 0))
  await until('it is said', () => warnings.length > 0, 10_000)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(warnings).toEqual(['presence is not available: no Redis'])
  hub.stop()
})

test('[LV10] a point buffer grows to its bound, keeps what it has, and counts the rest', () => {
  const buffer = new PointBuffer()
  for (let i = 0; i < limits.framePointsMax + 5; i++)
    buffer.add(1_000, i, 2 * i, 1_440, i, buffer.pageOf(`/${i % 3}`), i % 2)
  expect([buffer.count, buffer.dropped, buffer.isFull]).toEqual([limits.framePointsMax, 5, true])
  const { x, y, age, page, kind } = buffer.columns(1_500)
  expect([x[300], y[300], age[300], page[300], kind[301]]).toEqual([300, 600, 500, 0, 1])
  expect(buffer.columns(1_000_000).age[0]).toBe(65_535)
  expect(buffer.columns(0).age[0]).toBe(0)
  buffer.clear()
  expect([buffer.count, buffer.dropped, buffer.pages.length]).toEqual([0, 0, 0])
})
