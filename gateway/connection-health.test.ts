import { describe, expect, it } from 'vitest'
import { ConnectionHealth, visitsPerHeartbeat } from './connection-health.ts'

const visitMs = 5_000
const messageMsMax = 10_000

/** A connection's health, with a peer whose bytes are counted out by hand. */
function peer(phase = 1) {
  const wire = { bytesRead: 500 }
  const health = new ConnectionHealth(wire, messageMsMax, phase)
  let nowMs = 0
  return {
    visit: () => health.visit((nowMs += visitMs)),
    visits: (count: number) => Array.from({ length: count }, () => health.visit((nowMs += visitMs))),
    partial: (bytes: number) => (wire.bytesRead += bytes),
    message(length: number, alreadyArrived = 0) {
      wire.bytesRead += length + (length > 125 ? 8 : 6) - alreadyArrived
      health.onMessage(length)
    },
    pong() {
      wire.bytesRead += 6
      health.onPong(0)
    },
    ping(length: number) {
      wire.bytesRead += 6 + length
      health.onPing(length)
    },
  }
}

describe('heartbeats', () => {
  it('[GW19] ping once per five visits a peer that answers, and keep it', () => {
    const { visit, pong } = peer()
    for (let round = 0; round < 20; round++) {
      for (let i = 1; i < visitsPerHeartbeat; i++) expect(visit()).toBe('well')
      expect(visit()).toBe('ping')
      pong()
    }
  })

  it('[GW19] give up a peer at the visit after the second unanswered ping', () => {
    const { visits } = peer()
    expect(visits(11)).toEqual([
      'well',
      'well',
      'well',
      'well',
      'ping',
      'well',
      'well',
      'well',
      'well',
      'ping',
      'dead',
    ])
  })

  it('[GW19] keep a peer that sends, though it never answers a ping', () => {
    const { visit, message } = peer()
    for (let i = 0; i < 100; i++) {
      message(200)
      expect(visit()).not.toBe('dead')
    }
  })

  it('[GW19] come at different visits for different connections', () => {
    const first = [0.1, 0.3, 0.5, 0.7, 0.9].map((phase) => peer(phase).visits(5).indexOf('ping'))
    expect(first).toEqual([0, 1, 2, 3, 4])
  })
})

describe('unfinished messages', () => {
  it('[GW16] are noticed when their bytes stop coming', () => {
    const { visit, partial } = peer()
    partial(300)
    expect([visit(), visit(), visit()]).toEqual(['well', 'well', 'unfinished'])
  })

  it('[GW16] are noticed when their bytes come a few at a time', () => {
    const { visit, partial } = peer()
    const found = Array.from({ length: 4 }, () => (partial(20), visit()))
    expect(found).toContain('unfinished')
  })

  it('[GW16] are noticed when they began right behind a complete one', () => {
    const { visits, message, partial } = peer()
    message(200)
    partial(100)
    expect(visits(3)).toContain('unfinished')
  })

  it('[GW16] are noticed between pings', () => {
    const { visit, partial, ping } = peer()
    const found = Array.from({ length: 4 }, () => (partial(20), ping(100), visit()))
    expect(found).toContain('unfinished')
  })

  it('[GW16] are not seen in a slow message that is complete in time, nor in what follows', () => {
    const { visit, visits, message, partial, pong } = peer()
    partial(8_000)
    expect(visit()).toBe('well')
    partial(4_000)
    expect(visit()).toBe('well')
    message(16_000, 12_000)
    for (let i = 0; i < 50; i++) {
      expect(['well', 'ping']).toContain(visit())
      pong()
    }
    expect(visits(4)).not.toContain('unfinished')
  })

  it('[GW16] are not seen in an idle peer, in pings, or in the request before the upgrade', () => {
    const { visit, ping, pong } = peer()
    for (let i = 0; i < 50; i++) {
      ping(100)
      pong()
      expect(['well', 'ping']).toContain(visit())
    }
  })
})
