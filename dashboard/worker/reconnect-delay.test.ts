import { limits } from '@sightline/protocol/limits'
import { expect, test } from 'vitest'
import { reconnectDelay } from './reconnect-delay.ts'

test('full jitter: anything from 0 up to a ceiling that doubles to its bound', () => {
  expect(reconnectDelay(0, 0)).toBe(0)
  expect(reconnectDelay(0, 1)).toBe(limits.dashboardReconnectMsMin)
  expect(reconnectDelay(1, 1)).toBe(limits.dashboardReconnectMsMin * 2)
  expect(reconnectDelay(2, 0.5)).toBe(limits.dashboardReconnectMsMin * 2)
  expect(reconnectDelay(10_000, 1)).toBe(limits.dashboardReconnectMsMax)
})
