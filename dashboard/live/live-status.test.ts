import { limits } from '@sightline/protocol/limits'
import { expect, test } from 'vitest'
import type { ConnectionState, FrameStamp } from '../worker/worker-messages.ts'
import { dataAgeMs, liveStatus } from './live-status.ts'

const stamp = (part: Partial<FrameStamp> = {}): FrameStamp => ({
  receivedMs: 10_000,
  atMs: 500_000,
  newestRecordMs: 499_970,
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

test('the age of data is its age when sent and the time since, without comparing two clocks', () => {
  expect(dataAgeMs(stamp(), 10_050)).toBe(80)
  // This machine's clock is an hour behind the server's: no matter.
  expect(dataAgeMs(stamp({ receivedMs: 500_000 - 3_600_000 }), 500_000 - 3_600_000 + 50)).toBe(80)
})

test('clocks that jump never make data younger than nothing; without records there is no age', () => {
  expect(dataAgeMs(stamp({ newestRecordMs: 500_900 }), 9_000)).toBe(0)
  expect(dataAgeMs(stamp({ newestRecordMs: 0 }), 10_050)).toBeNull()
  expect(dataAgeMs(null, 10_050)).toBeNull()
})
