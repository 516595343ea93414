import { beforeEach, describe, expect, it, vi } from 'vitest'
import { limits } from '@sightline/protocol/limits'
import { TestConnection, testSocketsForEach } from './test-connection.ts'
import { TestSocket } from './test-socket.ts'

testSocketsForEach()
let t: TestConnection
beforeEach(() => void (t = new TestConnection()))

describe('sending', () => {
  it('[D7] what was sealed before the connection was there goes first, then what is new', () => {
    t.seal(1, 2)
    t.connection.open()
    t.seal(3)
    expect(t.received()).toEqual([])
    TestSocket.last.accept()
    t.seal(4)
    expect(t.received()).toEqual([1, 2, 3, 4])
  })

  it('[D8] pauses while the browser’s own buffer is full, and goes on when something is settled', () => {
    const socket = t.connect()
    t.seal(1)
    socket.bufferedAmount = limits.socketBufferedBytesMax + 1
    t.seal(2, 3)
    expect(t.received()).toEqual([1])
    socket.bufferedAmount = 0
    socket.say('settled 1')
    expect(t.received()).toEqual([1, 2, 3])
  })

  it('[D8] has no more unsettled on a connection than the ring may hold', () => {
    const socket = t.connect()
    for (let i = 0; i < limits.ringBatchesMax + 40; i++) t.seal(i % 200)
    expect(socket.batches.length).toBe(limits.ringBatchesMax)
    socket.say('settled 40')
    expect(socket.batches.length).toBe(limits.ringBatchesMax + 40)
  })

  it('[D7] a socket that is being closed swallows what it is given: it is sent again on the next', () => {
    const socket = t.connect()
    socket.readyState = 2
    t.seal(1)
    socket.end()
    vi.advanceTimersByTime(250)
    TestSocket.last.accept()
    expect(t.received()).toEqual([1])
  })
})

describe('settling', () => {
  it('[D6] frees what is settled', () => {
    const socket = t.connect()
    t.seal(1, 2, 3)
    socket.say('settled 2')
    expect(t.held()).toEqual([3])
    socket.say('settled 3')
    expect(t.held()).toEqual([])
  })

  it('[D2] ignores a settled that passes what was sent', () => {
    const socket = t.connect()
    t.seal(1, 2)
    socket.say('settled 3')
    expect(t.held()).toEqual([1, 2])
    socket.say('settled 2')
    expect(t.held()).toEqual([])
  })

  it('[D2] ignores a settled that falls', () => {
    const socket = t.connect()
    t.seal(1, 2, 3, 4)
    socket.say('settled 3')
    socket.say('settled 1')
    expect(t.held()).toEqual([4])
  })

  it('[D1] a batch that the ring dropped keeps its ordinal', () => {
    const socket = t.connect()
    t.seal(1)
    t.ring.add({
      bytes: new Uint8Array(limits.ringBytesMax - 60).fill(2),
      events: 10,
      lane: t.lane,
      sealedMs: 0,
    })
    t.connection.send()
    t.seal(3) // drops the first
    expect([t.held(), t.lane.lostRing]).toEqual([[2, 3], 10])
    socket.say('settled 1')
    expect(t.held()).toEqual([2, 3])
    socket.say('settled 3 3:malformed')
    expect([t.held(), t.lane.lostRefused]).toEqual([[], 10])
  })

  it('[D3] [D6] a refused batch is done with, and its events are counted', () => {
    const socket = t.connect()
    t.seal(1, 2, 3)
    socket.say('settled 3 2:too-old')
    expect([t.held(), t.lane.lostRefused]).toEqual([[], 10])
    vi.advanceTimersByTime(60_000)
    expect(t.received()).toEqual([1, 2, 3])
  })

  it('[D6] a code that it doesn’t know means the same', () => {
    const socket = t.connect()
    t.seal(1)
    socket.say('settled 1 1:not-known-yet')
    expect([t.held(), t.lane.lostRefused]).toEqual([[], 10])
  })

  it('[D3] ordinals count on over several settled, and are those of this connection', () => {
    const first = t.connect()
    t.seal(1, 2)
    first.say('settled 1')
    first.end()
    vi.advanceTimersByTime(250)
    const second = TestSocket.last
    second.accept()
    t.seal(3, 4)
    expect(t.received()).toEqual([2, 3, 4])
    second.say('settled 1')
    second.say('settled 3 2:malformed')
    expect([t.held(), t.lane.lostRefused]).toEqual([[], 10])
  })

  it('[E14] a batch that is both dropped and refused is lost once', () => {
    const socket = t.connect()
    t.seal(1)
    t.ring.add({ bytes: new Uint8Array(limits.ringBytesMax), events: 20, lane: t.lane, sealedMs: 0 })
    socket.say('settled 1 1:malformed')
    expect([t.lane.lostRing, t.lane.lostRefused]).toEqual([10, 0])
  })

  it('[E14] a copy that an earlier document left behind costs this lane nothing', () => {
    const socket = t.connect()
    t.ring.add({ bytes: new Uint8Array(50), events: 0, lane: t.lane, sealedMs: 0 })
    t.connection.send()
    socket.say('settled 1 1:too-old')
    expect([t.held(), t.lane.lostRefused]).toEqual([[], 0])
  })
})

describe('what a gateway says', () => {
  it('[D12] flush sets how long a batch stays open, between 50 ms and ten seconds', () => {
    const socket = t.connect()
    for (const [said, used] of [
      [200, 200],
      [0, 50],
      [49, 50],
      [10_000, 10_000],
      [86_400_000, 10_000],
    ]) {
      socket.say(`flush ${said}`)
      expect(t.batcher.flushMs).toBe(used)
    }
  })

  it('[D13] the clock is measured when a connection opens and again and again', () => {
    const socket = t.connect()
    expect(socket.texts).toHaveLength(1)
    vi.advanceTimersByTime(3_500)
    expect(socket.texts).toHaveLength(4)
    vi.advanceTimersByTime(60_000)
    expect(socket.texts.length).toBeGreaterThan(6)
    for (const text of socket.texts) expect(text).toMatch(/^ping \d[\d.]{0,19}$/)
    socket.end()
    const { length } = socket.texts
    vi.advanceTimersByTime(120_000)
    expect(socket.texts).toHaveLength(length)
  })

  it('[D13] a pong moves the clock', () => {
    const socket = t.connect()
    const echo = socket.texts[0].slice(5)
    vi.advanceTimersByTime(40)
    socket.say(`pong ${echo} ${Date.now() - 20 + 5_000}`)
    expect(t.clock).toMatchObject({ clockOff: 5_000, clockRtt: 40 })
  })

  it.each(['', 'settled', 'settled x', 'hello 5', 'flush', '[object Blob]'])('[D14] ignores %j', (text) => {
    const socket = t.connect()
    t.seal(1)
    socket.say(text)
    expect([t.held(), t.batcher.flushMs]).toEqual([[1], 1_000])
  })
})
