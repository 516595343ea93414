import type { ViewerMessage } from '@sightline/protocol/live-frames'
import { expect, test } from 'vitest'
import { frameBytes } from './frame-builder.ts'
import type { LiveSocket } from './live-connection.ts'
import { LiveWorker } from './live-worker.ts'
import type { WorkerReport } from './worker-messages.ts'

/** The worker without a browser: screen refreshes and time pass when the test says so. */
function scene() {
  const reports: WorkerReport[] = []
  const sockets: (LiveSocket & { sent: ViewerMessage[] })[] = []
  let frames: (() => void)[] = []
  let clockMs = 0
  let timers: { atMs: number; run: () => void }[] = []
  const worker = new LiveWorker({
    openSocket: () => {
      const sent: ViewerMessage[] = []
      const socket = {
        sent,
        binaryType: 'blob' as BinaryType,
        onopen: null,
        onmessage: null,
        onclose: null,
        send: (text: string) => sent.push(JSON.parse(text)),
        close() {},
      }
      sockets.push(socket)
      return socket
    },
    post: (report) => reports.push(report),
    clock: () => clockMs,
    clockOriginMs: 7_000_000,
    random: () => 0,
    requestFrame: (run) => frames.push(run),
    setTimer: (run, delayMs) => timers.push({ atMs: clockMs + delayMs, run }),
    clearTimer: () => {},
  })
  const refresh = (ms = 16) => {
    clockMs += ms
    const due = timers.filter(({ atMs }) => atMs <= clockMs)
    timers = timers.filter(({ atMs }) => atMs > clockMs)
    for (const { run } of due) run()
    const running = frames
    frames = []
    for (const run of running) run()
  }
  worker.obey({
    type: 'start',
    url: 'ws://test',
    view: { site: 1, page: null, layout: null },
    reducedMotion: false,
  })
  sockets[0].onopen?.(new Event('open'))
  const receive = (buffer: ArrayBuffer) =>
    sockets[sockets.length - 1].onmessage?.(new MessageEvent('message', { data: buffer }))
  const seen = () => sockets[0].sent.filter((message) => message.type === 'seen')
  const sentSlices = () => reports.filter((report) => report.type === 'slices')
  return { worker, reports, sockets, receive, refresh, seen, sentSlices }
}

test('a frame is acknowledged once it has been drawn, several frames with one message', () => {
  const { receive, refresh, seen } = scene()
  receive(frameBytes({ type: 'snapshot', sequence: 1, to: 'a' }))
  receive(frameBytes({ sequence: 2, from: 'a', to: 'b' }))
  expect(seen()).toEqual([])
  refresh()
  expect(seen()).toEqual([{ type: 'seen', sequence: 2 }])
  refresh()
  expect(seen()).toHaveLength(1)
})

test('the page gets slices with the stamp of their frame, at their own pace', () => {
  const { receive, refresh, sentSlices } = scene()
  receive(frameBytes({ type: 'snapshot', to: 'a', flushMs: 50, atMs: 900, newestRecordMs: 880 }))
  expect(sentSlices()[0]).toMatchObject({
    slices: { flushMs: 50 },
    asOf: { receivedMs: 7_000_000, atMs: 900, newestRecordMs: 880, behindMs: 0 },
  })
  receive(frameBytes({ sequence: 2, from: 'a', to: 'b', flushMs: 60 }))
  const before = sentSlices().length
  refresh(1_000)
  const later = sentSlices().slice(before)
  expect(later.map(({ slices }) => slices.flushMs)).toContain(60)
})

test('a garbled frame ends the connection and a new one is opened', () => {
  const { receive, refresh, reports, sockets } = scene()
  receive(new Uint8Array([255, 255, 255, 255, 1, 2]).buffer)
  expect(reports.at(-1)).toMatchObject({ type: 'connection', connection: { status: 'waiting' } })
  refresh()
  expect(sockets).toHaveLength(2)
})

test('a gap is told to the page, and a chain that broke is mended with a snapshot', () => {
  const { receive, reports, sockets } = scene()
  receive(frameBytes({ type: 'snapshot', sequence: 1, to: 'a' }))
  receive(frameBytes({ sequence: 2, from: 'elsewhere', to: 'c' }))
  expect(reports).toContainEqual({
    type: 'gap',
    gap: { reason: 'broken-chain', records: 0 },
    atMs: 7_000_000,
  })
  expect(sockets[0].sent.filter(({ type }) => type === 'subscribe')).toHaveLength(2)
})

test('a hidden page pauses, also when the person has not; both must end before it goes on', () => {
  const { worker, sockets } = scene()
  const types = () => sockets[0].sent.map(({ type }) => type)
  worker.obey({ type: 'hidden', hidden: true })
  expect(types()).toEqual(['subscribe', 'pause'])
  worker.obey({ type: 'paused', paused: true })
  worker.obey({ type: 'hidden', hidden: false })
  expect(types()).toEqual(['subscribe', 'pause'])
  worker.obey({ type: 'paused', paused: false })
  expect(types()).toEqual(['subscribe', 'pause', 'resume'])
})

test('another view clears what the page shows before anything of the new one comes', () => {
  const { worker, receive, reports, sockets } = scene()
  receive(frameBytes({ type: 'snapshot', to: 'a', flushMs: 50 }))
  worker.obey({ type: 'view', view: { site: 2, page: '/x', layout: 'phone' } })
  expect(reports.at(-1)).toEqual({ type: 'cleared' })
  expect(sockets[0].sent.at(-1)).toEqual({
    type: 'subscribe',
    site: 2,
    page: '/x',
    layout: 'phone',
    cursor: null,
  })
})

test('rows of points are sent while they are wanted', () => {
  const { worker, receive, refresh, sentSlices } = scene()
  receive(
    frameBytes({ type: 'snapshot', to: 'a' }, [
      { x: 12, y: 34, session: 0xabcdef, viewport: 800, page: '/p', kind: 1, ageMs: 20 },
    ]),
  )
  expect(sentSlices().some(({ slices }) => slices.pointRows !== undefined)).toBe(false)
  worker.obey({ type: 'point-rows', wanted: true })
  refresh(600)
  const rows = sentSlices()
    .map(({ slices }) => slices.pointRows)
    .filter((each) => each !== undefined)
  expect(rows[0][0]).toMatchObject({
    kind: 'click',
    page: '/p',
    session: 'abcdef',
    xPx: 12,
    yPx: 34,
    viewportPx: 800,
  })
})
