import { expect, test } from 'vitest'
import { LiveStore } from './live-store.ts'
import type { FrameStamp } from '../worker/worker-messages.ts'

/** A store whose animation frames come when the test says so. */
function scene() {
  let waiting: (() => void)[] = []
  const store = new LiveStore((run) => waiting.push(run))
  const next = () => {
    const running = waiting
    waiting = []
    for (const run of running) run()
  }
  return { store, next, waiting: () => waiting.length }
}
const stamp = (atMs: number): FrameStamp => ({
  receivedMs: atMs,
  atMs,
  newestRecordMs: atMs - 20,
  behindMs: 20,
})

test('many reports, one call to those who listen', () => {
  const { store, next, waiting } = scene()
  let calls = 0
  store.subscribe(() => calls++)
  for (let i = 0; i < 10; i++) store.take({ type: 'slices', slices: { flushMs: i }, held: [], asOf: null })
  expect(waiting()).toBe(1)
  next()
  expect(calls).toBe(1)
  expect(store.read().slices.flushMs).toBe(9)
})

test('a slice that did not change is as fresh as the newest frame, one that is held back is not', () => {
  const { store } = scene()
  store.take({ type: 'slices', slices: { flushMs: 50, buttons: [] }, held: [], asOf: stamp(100) })
  store.take({ type: 'slices', slices: {}, held: ['buttons'], asOf: stamp(900) })
  expect(store.read().asOf.flushMs?.atMs).toBe(900)
  expect(store.read().asOf.buttons?.atMs).toBe(100)
  expect(store.read().newest?.atMs).toBe(900)
})

test('slices that did not come stay the same objects, so nothing renders for them', () => {
  const { store } = scene()
  store.take({ type: 'slices', slices: { buttons: [{ target: 'a', clicks: 1 }] }, held: [], asOf: null })
  const before = store.read().slices.buttons
  store.take({ type: 'slices', slices: { flushMs: 1 }, held: [], asOf: null })
  expect(store.read().slices.buttons).toBe(before)
})

test('another view clears everything but the connection', () => {
  const { store } = scene()
  store.take({ type: 'connection', connection: { status: 'open' } })
  store.take({ type: 'slices', slices: { flushMs: 1 }, held: [], asOf: stamp(5) })
  store.take({ type: 'gap', gap: { reason: 'too-old', records: 3 }, atMs: 5 })
  store.take({ type: 'cleared' })
  expect(store.read()).toEqual({
    slices: {},
    asOf: {},
    newest: null,
    connection: { status: 'open' },
    gaps: [],
  })
})

test('a bounded number of gaps is told, the latest; each can be put away', () => {
  const { store } = scene()
  for (let records = 1; records <= 5; records++)
    store.take({ type: 'gap', gap: { reason: 'too-old', records }, atMs: records })
  expect(store.read().gaps.map(({ records }) => records)).toEqual([3, 4, 5])
  store.dismissGap(store.read().gaps[1].id)
  expect(store.read().gaps.map(({ records }) => records)).toEqual([3, 5])
})

test('who has left is not called', () => {
  const { store, next } = scene()
  let calls = 0
  const leave = store.subscribe(() => calls++)
  leave()
  store.take({ type: 'cleared' })
  next()
  expect(calls).toBe(0)
})
