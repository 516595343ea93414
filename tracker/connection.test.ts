import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { limits } from '@sightline/protocol/limits'
import type { Batcher } from './batcher.ts'
import { createClock, type Clock } from './clock.ts'
import { createConnection, type Connection } from './connection.ts'
import { newLane, type Lane } from './lane.ts'
import { createRing, type Ring } from './ring.ts'
import { TestSocket } from './test-socket.ts'

let ring: Ring
let lane: Lane
let clock: Clock
let connection: Connection
const batcher = { flushMs: 1_000 } as Batcher

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  vi.stubGlobal('WebSocket', TestSocket)
  TestSocket.opened = []
  ring = createRing()
  lane = newLane()
  clock = createClock()
  batcher.flushMs = 1_000
  connection = createConnection('ws://gateway/ingest?key=1-a', ring, batcher, clock)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** Seals batches, marked by their first byte. */
function seal(...marks: number[]): void {
  for (const mark of marks) {
    ring.add({ bytes: new Uint8Array(50).fill(mark), events: 10, lane })
    connection.send()
  }
}

const held = () => [...ring.batches].map(({ bytes }) => bytes[0])
const received = (socket = TestSocket.last) => socket.batches.map((bytes) => bytes[0])

function connect(): TestSocket {
  connection.open()
  TestSocket.last.accept()
  return TestSocket.last
}

describe('sending', () => {
  it('[D7] what was sealed before the connection was there goes first, then what is new', () => {
    seal(1, 2)
    connection.open()
    seal(3)
    expect(received()).toEqual([])
    TestSocket.last.accept()
    seal(4)
    expect(received()).toEqual([1, 2, 3, 4])
  })

  it('[D8] pauses while the browser’s own buffer is full, and goes on when something is settled', () => {
    const socket = connect()
    seal(1)
    socket.bufferedAmount = limits.socketBufferedBytesMax + 1
    seal(2, 3)
    expect(received()).toEqual([1])
    socket.bufferedAmount = 0
    socket.say('settled 1')
    expect(received()).toEqual([1, 2, 3])
  })

  it('[D8] has no more unsettled on a connection than the ring may hold', () => {
    const socket = connect()
    for (let i = 0; i < limits.ringBatchesMax + 40; i++) seal(i % 200)
    expect(socket.batches.length).toBe(limits.ringBatchesMax)
    socket.say('settled 40')
    expect(socket.batches.length).toBe(limits.ringBatchesMax + 40)
  })

  it('[D7] a socket that is being closed swallows what it is given: it is sent again on the next', () => {
    const socket = connect()
    socket.readyState = 2
    seal(1)
    socket.end()
    vi.advanceTimersByTime(250)
    TestSocket.last.accept()
    expect(received()).toEqual([1])
  })
})

describe('settling', () => {
  it('[D6] frees what is settled', () => {
    const socket = connect()
    seal(1, 2, 3)
    socket.say('settled 2')
    expect(held()).toEqual([3])
    socket.say('settled 3')
    expect(held()).toEqual([])
  })

  it('[D2] ignores a settled that passes what was sent', () => {
    const socket = connect()
    seal(1, 2)
    socket.say('settled 3')
    expect(held()).toEqual([1, 2])
    socket.say('settled 2')
    expect(held()).toEqual([])
  })

  it('[D2] ignores a settled that falls', () => {
    const socket = connect()
    seal(1, 2, 3, 4)
    socket.say('settled 3')
    socket.say('settled 1')
    expect(held()).toEqual([4])
  })

  it('[D1] a batch that the ring dropped keeps its ordinal', () => {
    const socket = connect()
    seal(1)
    ring.add({ bytes: new Uint8Array(limits.ringBytesMax - 60).fill(2), events: 10, lane })
    connection.send()
    seal(3) // drops the first
    expect([held(), lane.lostRing]).toEqual([[2, 3], 10])
    socket.say('settled 1')
    expect(held()).toEqual([2, 3])
    socket.say('settled 3 3:malformed')
    expect([held(), lane.lostRefused]).toEqual([[], 10])
  })

  it('[D3] [D6] a refused batch is done with, and its events are counted', () => {
    const socket = connect()
    seal(1, 2, 3)
    socket.say('settled 3 2:too-old')
    expect([held(), lane.lostRefused]).toEqual([[], 10])
    vi.advanceTimersByTime(60_000)
    expect(received()).toEqual([1, 2, 3])
  })

  it('[D6] a code that it doesn’t know means the same', () => {
    const socket = connect()
    seal(1)
    socket.say('settled 1 1:not-known-yet')
    expect([held(), lane.lostRefused]).toEqual([[], 10])
  })

  it('[D3] ordinals count on over several settled, and are those of this connection', () => {
    const first = connect()
    seal(1, 2)
    first.say('settled 1')
    first.end()
    vi.advanceTimersByTime(250)
    const second = TestSocket.last
    second.accept()
    seal(3, 4)
    expect(received()).toEqual([2, 3, 4])
    second.say('settled 1')
    second.say('settled 3 2:malformed')
    expect([held(), lane.lostRefused]).toEqual([[], 10])
  })

  it('[E14] a batch that is both dropped and refused is lost once', () => {
    const socket = connect()
    seal(1)
    ring.add({ bytes: new Uint8Array(limits.ringBytesMax), events: 20, lane })
    socket.say('settled 1 1:malformed')
    expect([lane.lostRing, lane.lostRefused]).toEqual([10, 0])
  })

  it('[E14] a copy that an earlier document left behind costs this lane nothing', () => {
    const socket = connect()
    ring.add({ bytes: new Uint8Array(50), events: 0, lane })
    connection.send()
    socket.say('settled 1 1:too-old')
    expect([held(), lane.lostRefused]).toEqual([[], 0])
  })
})

describe('reconnecting', () => {
  it('[D7] sends all that is not settled again, in order, then what is new', () => {
    const first = connect()
    seal(1, 2, 3)
    first.say('settled 1')
    first.end()
    seal(4)
    vi.advanceTimersByTime(250)
    TestSocket.last.accept()
    seal(5)
    expect(received()).toEqual([2, 3, 4, 5])
    expect(received(first)).toEqual([1, 2, 3])
  })

  it('[D9] waits a random part of a time that doubles up to half a minute', () => {
    connection.open()
    for (const grown of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      TestSocket.last.end()
      const before = TestSocket.opened.length
      vi.advanceTimersByTime(grown / 2 - 1)
      expect(TestSocket.opened.length).toBe(before)
      vi.advanceTimersByTime(1)
      expect(TestSocket.opened.length).toBe(before + 1)
    }
  })

  it('[D9] a connection that opens and ends does not begin the growth anew; something settled does', () => {
    const open = () => {
      TestSocket.last.accept()
      seal(1)
    }
    connection.open()
    for (let i = 0; i < 3; i++) {
      open()
      TestSocket.last.end()
      vi.advanceTimersByTime(250 * 2 ** i)
    }
    open()
    TestSocket.last.say('settled 1')
    TestSocket.last.end()
    vi.advanceTimersByTime(250)
    expect(TestSocket.opened.length).toBe(5)
  })

  it('[D9] [D10] stays away for as long as the close asks, and not for ever', () => {
    connect().end('retry 7000')
    vi.advanceTimersByTime(7_249)
    expect(TestSocket.opened.length).toBe(1)
    vi.advanceTimersByTime(1)
    expect(TestSocket.opened.length).toBe(2)
    TestSocket.last.end('rate 99999999999')
    vi.advanceTimersByTime(limits.stayAwayMsMax + 500)
    expect(TestSocket.opened.length).toBe(3)
  })

  it('leaves the page to the back/forward cache without a socket, and comes back', () => {
    const first = connect()
    seal(1)
    connection.close()
    expect(first.closedByTracker).toBe(true)
    first.end()
    vi.advanceTimersByTime(600_000)
    expect(TestSocket.opened.length).toBe(1)
    seal(2)
    connection.open()
    TestSocket.last.accept()
    expect(received()).toEqual([1, 2])
  })

  it('the end of a socket that was left says nothing about the next one', () => {
    const first = connect()
    connection.close()
    const second = connect()
    seal(1)
    first.end('retry 5000')
    second.say('settled 1')
    expect(held()).toEqual([])
    vi.advanceTimersByTime(60_000)
    expect(TestSocket.opened.length).toBe(2)
  })

  it('closing while it waits or connects ends the attempts', () => {
    connection.open()
    connection.close()
    TestSocket.last.end()
    connection.open()
    TestSocket.last.end()
    connection.close()
    vi.advanceTimersByTime(600_000)
    expect(TestSocket.opened.length).toBe(2)
  })
})

describe('what a gateway says', () => {
  it('[D12] flush sets how long a batch stays open, between 50 ms and ten seconds', () => {
    const socket = connect()
    for (const [said, used] of [
      [200, 200],
      [0, 50],
      [49, 50],
      [10_000, 10_000],
      [86_400_000, 10_000],
    ]) {
      socket.say(`flush ${said}`)
      expect(batcher.flushMs).toBe(used)
    }
  })

  it('[D13] the clock is measured when a connection opens and again and again', () => {
    const socket = connect()
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
    const socket = connect()
    const echo = socket.texts[0].slice(5)
    vi.advanceTimersByTime(40)
    socket.say(`pong ${echo} ${Date.now() - 20 + 5_000}`)
    expect(clock).toMatchObject({ clockOff: 5_000, clockRtt: 40 })
  })

  it.each(['', 'settled', 'settled x', 'hello 5', 'flush', '[object Blob]'])('[D14] ignores %j', (text) => {
    const socket = connect()
    seal(1)
    socket.say(text)
    expect([held(), batcher.flushMs]).toEqual([[1], 1_000])
  })
})
