import { limits } from '@sightline/protocol/limits'
import { expect, test } from 'vitest'
import type { ConnectionState, FrameStamp } from '../worker/worker-messages.ts'
import { dataAgeMs, liveStatus, quietMs } from './live-status.ts'

const stamp = (part: Partial<FrameStamp> = {}): FrameStamp => ({
  receivedMs: 10_000,
  atMs: 500_000,
  newestRecordMs: 499_970,
  behindMs: 30,
  ...part,
})
const status = (connection: ConnectionState, nowMs: number, newest: FrameStamp | null = stamp()) =>
  liveStatus({ connection, newest }, nowMs)

test('live while frames come, stale with the seconds when they stop', () => {
  expect(status({ status: 'open' }, 10_100)).toEqual({ kind: 'live', text: 'Live' })
  expect(status({ status: 'open' }, 10_000 + limits.dashboardStaleMs - 1)).toEqual({
    kind: 'live',
    text: 'Live',
  })
  expect(status({ status: 'open' }, 17_900)).toEqual({ kind: 'stale', text: 'Stale 7 s' })
})

test('a pause is never called stale, a lost connection is reconnecting', () => {
  expect(status({ status: 'paused' }, 900_000).text).toBe('Paused')
  expect(status({ status: 'waiting', everOpen: true, retryAtMs: 0, code: 1006 }, 10_100).text).toBe(
    'Reconnecting',
  )
  expect(status({ status: 'connecting', everOpen: true }, 10_100).text).toBe('Reconnecting')
  expect(status({ status: 'connecting', everOpen: false }, 0, null).text).toBe('Connecting')
  expect(status({ status: 'open' }, 0, null).text).toBe('Connecting')
  expect(status({ status: 'unauthorized' }, 0).text).toBe('Signed out')
})

test('the age of data is how far it was behind when sent and the time since, without comparing two clocks', () => {
  expect(dataAgeMs(stamp(), 10_050)).toBe(80)
  // This machine's clock is an hour behind the server's: no matter.
  expect(dataAgeMs(stamp({ receivedMs: 500_000 - 3_600_000 }), 500_000 - 3_600_000 + 50)).toBe(80)
})

test('clocks that jump never make data younger than nothing; without records there is no age', () => {
  expect(dataAgeMs(stamp({ behindMs: 0 }), 9_000)).toBe(0)
  expect(dataAgeMs(stamp({ newestRecordMs: 0 }), 10_050)).toBeNull()
  expect(dataAgeMs(null, 10_050)).toBeNull()
})

test('a quiet site is as fresh as its last frame, however old its newest event is', () => {
  expect(dataAgeMs(stamp({ newestRecordMs: 400_000, behindMs: 0 }), 10_700)).toBe(700)
})

test('how long no event came is counted from the last second that had one, at most the ring', () => {
  const series = { second: [430, 431, 432, 433], events: [4, 7, 0, null] }
  expect(quietMs(series, stamp())).toBe(500_000 - 432_000)
  expect(quietMs({ second: [433], events: [0] }, stamp())).toBe(limits.ringSeconds * 1_000)
  expect(quietMs(undefined, stamp())).toBeNull()
  expect(quietMs(series, stamp({ newestRecordMs: 0 }))).toBeNull()
})
