import { limits } from '@sightline/protocol/limits'
import { expect, test } from 'vitest'
import { LiveConnection, type LiveSocket } from './live-connection.ts'
import type { ConnectionState } from './worker-messages.ts'

class TestSocket implements LiveSocket {
  binaryType: BinaryType = 'blob'
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  sent: unknown[] = []
  closed = false

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }

  close(): void {
    this.closed = true
  }

  open(): void {
    this.onopen?.(new Event('open'))
  }

  receive(data: unknown): void {
    this.onmessage?.(new MessageEvent('message', { data }))
  }

  lose(code: number): void {
    this.onclose?.(Object.assign(new Event('close'), { code }) as CloseEvent)
  }
}

/** A connection whose clock and sockets a test decides about. */
function scene(cursor: { value: string | null } = { value: null }) {
  const sockets: TestSocket[] = []
  const states: ConnectionState[] = []
  const frames: ArrayBuffer[] = []
  const subscriptions: boolean[] = []
  let timers: { id: number; atMs: number; run: () => void }[] = []
  let nowMs = 0
  let ids = 0
  const connection = new LiveConnection({
    openSocket: () => {
      const socket = new TestSocket()
      sockets.push(socket)
      return socket
    },
    now: () => nowMs,
    random: () => 0.5,
    setTimer: (run, delayMs) => {
      timers.push({ id: ++ids, atMs: nowMs + delayMs, run })
      return ids
    },
    clearTimer: (id) => (timers = timers.filter((timer) => timer.id !== id)),
    cursor: () => cursor.value,
    onSubscribe: (fresh) => subscriptions.push(fresh),
    onFrame: (buffer) => frames.push(buffer),
    onState: (state) => states.push(state),
  })
  const pass = (ms: number) => {
    nowMs += ms
    const due = timers.filter((timer) => timer.atMs <= nowMs)
    timers = timers.filter((timer) => timer.atMs > nowMs)
    for (const timer of due) timer.run()
  }
  return { connection, sockets, states, frames, subscriptions, pass, timers: () => timers }
}

const view = { site: 1, page: null, layout: null }
const last = <Item>(items: Item[]) => items[items.length - 1]

test('subscribes when the socket opens, and takes binary frames only', () => {
  const { connection, sockets, states, frames } = scene()
  connection.start(view)
  expect(last(states)).toEqual({ status: 'connecting', everOpen: false })
  sockets[0].open()
  expect(sockets[0].sent).toEqual([{ type: 'subscribe', site: 1, page: null, layout: null, cursor: null }])
  expect(last(states)).toEqual({ status: 'open' })
  sockets[0].receive('text')
  sockets[0].receive(new ArrayBuffer(8))
  expect(frames).toHaveLength(1)
})

test('comes back with the cursor after a random part of a delay that doubles', () => {
  const cursor = { value: null as string | null }
  const { connection, sockets, states, subscriptions, pass } = scene(cursor)
  connection.start(view)
  sockets[0].open()
  cursor.value = 'abc'
  sockets[0].lose(1006)
  expect(last(states)).toEqual({
    status: 'waiting',
    everOpen: true,
    retryAtMs: limits.dashboardReconnectMsMin / 2,
    code: 1006,
  })
  pass(limits.dashboardReconnectMsMin / 2)
  expect(sockets).toHaveLength(2)
  sockets[1].lose(1006)
  expect(last(states)).toMatchObject({ status: 'waiting', retryAtMs: limits.dashboardReconnectMsMin * 1.5 })
  pass(limits.dashboardReconnectMsMin)
  sockets[2].open()
  expect(sockets[2].sent).toEqual([{ type: 'subscribe', site: 1, page: null, layout: null, cursor: 'abc' }])
  expect(subscriptions).toEqual([true, false])
})

test('a frame resets the delay', () => {
  const { connection, sockets, states, pass } = scene()
  connection.start(view)
  for (let attempt = 0; attempt < 6; attempt++) {
    sockets[attempt].lose(1006)
    pass(limits.dashboardReconnectMsMax)
  }
  sockets[6].open()
  sockets[6].receive(new ArrayBuffer(8))
  sockets[6].lose(1006)
  const state = last(states)
  expect(state.status === 'waiting' && state.retryAtMs).toBe(
    6 * limits.dashboardReconnectMsMax + limits.dashboardReconnectMsMin / 2,
  )
})

test('pause is told to the server, and nothing that still arrives is taken', () => {
  const { connection, sockets, frames, states } = scene()
  connection.start(view)
  sockets[0].open()
  connection.pause()
  sockets[0].receive(new ArrayBuffer(8))
  expect(last(sockets[0].sent)).toEqual({ type: 'pause' })
  expect(frames).toHaveLength(0)
  expect(last(states)).toEqual({ status: 'paused' })
})

test('resume goes on from the cursor', () => {
  const { connection, sockets, states } = scene({ value: 'c7' })
  connection.start(view)
  sockets[0].open()
  connection.pause()
  connection.resume()
  expect(last(sockets[0].sent)).toEqual({ type: 'resume', cursor: 'c7' })
  expect(last(states)).toEqual({ status: 'open' })
})

test('a paused page whose socket is lost stays away until it is resumed', () => {
  const { connection, sockets, states, pass } = scene()
  connection.start(view)
  sockets[0].open()
  connection.pause()
  sockets[0].lose(1012)
  pass(600_000)
  expect(sockets).toHaveLength(1)
  expect(last(states)).toEqual({ status: 'paused' })
  connection.resume()
  expect(sockets).toHaveLength(2)
  expect(last(states)).toEqual({ status: 'connecting', everOpen: true })
})

test('a page that is paused while it connects does not connect', () => {
  const { connection, sockets, pass } = scene()
  connection.start(view)
  connection.pause()
  expect(sockets[0].closed).toBe(true)
  pass(600_000)
  expect(sockets).toHaveLength(1)
})

test('without a sign-in it ends: no further attempt, not even after pause and resume', () => {
  const { connection, sockets, states, pass } = scene()
  connection.start(view)
  sockets[0].open()
  sockets[0].lose(4001)
  expect(last(states)).toEqual({ status: 'unauthorized' })
  pass(600_000)
  connection.pause()
  connection.resume()
  expect(sockets).toHaveLength(1)
})

test('a half-open socket, and one that never opens, are given up', () => {
  const { connection, sockets, states, pass } = scene()
  connection.start(view)
  pass(limits.dashboardConnectMsMax)
  expect(sockets[0].closed).toBe(true)
  pass(limits.dashboardReconnectMsMin)
  sockets[1].open()
  pass(limits.dashboardSilentMsMax - 1)
  sockets[1].receive(new ArrayBuffer(8))
  pass(limits.dashboardSilentMsMax - 1)
  expect(sockets[1].closed).toBe(false)
  pass(1)
  expect(sockets[1].closed).toBe(true)
  expect(last(states)).toMatchObject({ status: 'waiting', code: 0 })
})

test('a lost socket can no longer say anything', () => {
  const { connection, sockets, frames } = scene()
  connection.start(view)
  sockets[0].open()
  connection.fault()
  sockets[0].receive(new ArrayBuffer(8))
  expect(frames).toHaveLength(0)
  expect(sockets[0].onclose).toBeNull()
})

test('another view is subscribed to afresh on the same socket', () => {
  const { connection, sockets, subscriptions } = scene({ value: 'c7' })
  connection.start(view)
  sockets[0].open()
  connection.changeView({ ...view, page: '/cart' })
  expect(last(sockets[0].sent)).toEqual({
    type: 'subscribe',
    site: 1,
    page: '/cart',
    layout: null,
    cursor: null,
  })
  expect(last(subscriptions)).toBe(true)
})

test('never more than one timer runs', () => {
  const { connection, sockets, timers, pass } = scene()
  connection.start(view)
  for (let i = 0; i < 5; i++) {
    last(sockets).open()
    connection.pause()
    connection.resume()
    last(sockets).lose(1006)
    expect(timers()).toHaveLength(1)
    pass(limits.dashboardReconnectMsMax)
  }
})
