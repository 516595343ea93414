import { expect, it } from 'vitest'
import { partitionOf } from '@sightline/engine/log/event-log'
import { limits } from '@sightline/protocol/limits'
import { SessionKeys } from './session-keys.ts'

function session(number: number): Uint8Array {
  return Uint8Array.from({ length: 18 }, (_, i) => (i === 16 ? number : i))
}

it('[GW4] gives the sixteen bytes and their partition, wherever they stand', () => {
  const bytes = session(7)
  const found = new SessionKeys(12).find(bytes, 2, 7)!
  expect([...found.key]).toEqual([...bytes.subarray(2, 18)])
  expect(found.partition).toBe(partitionOf(bytes, 2, 16, 12))
})

it('[GW6] copies the key, so that it does not hold the message', () => {
  const bytes = Buffer.from(session(7))
  const found = new SessionKeys(12).find(bytes, 2, 7)!
  expect(found.key.buffer.byteLength).toBe(limits.sessionBytes)
  bytes.fill(0)
  expect(found.key[14]).toBe(7)
})

it('[GW18] knows its sessions again, and takes no ninth', () => {
  const keys = new SessionKeys(12)
  const first = keys.find(session(0), 2, 7)
  for (let i = 1; i < limits.sessionsPerConnectionMax; i++) expect(keys.find(session(i), 2, 7)).not.toBeNull()
  expect(keys.find(session(100), 2, 7)).toBeNull()
  expect(keys.find(session(0), 2, 7)).toBe(first)
})
