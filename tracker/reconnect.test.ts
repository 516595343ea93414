import { beforeEach, describe, expect, it, vi } from 'vitest'
import { limits } from '@sightline/protocol/limits'
import { TestConnection, testSocketsForEach } from './test-connection.ts'
import { TestSocket } from './test-socket.ts'

testSocketsForEach()
let t: TestConnection
beforeEach(() => void (t = new TestConnection()))

describe('reconnecting', () => {
  it('[D7] sends all that is not settled again, in order, then what is new', () => {
    const first = t.connect()
    t.seal(1, 2, 3)
    first.say('settled 1')
    first.end()
    t.seal(4)
    vi.advanceTimersByTime(250)
    TestSocket.last.accept()
    t.seal(5)
    expect(t.received()).toEqual([2, 3, 4, 5])
    expect(t.received(first)).toEqual([1, 2, 3])
  })

  it('[D9] waits a random part of a time that doubles up to half a minute', () => {
    t.connection.open()
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
      t.seal(1)
    }
    t.connection.open()
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
    t.connect().end('retry 7000')
    vi.advanceTimersByTime(7_249)
    expect(TestSocket.opened.length).toBe(1)
    vi.advanceTimersByTime(1)
    expect(TestSocket.opened.length).toBe(2)
    TestSocket.last.end('rate 99999999999')
    vi.advanceTimersByTime(limits.stayAwayMsMax + 500)
    expect(TestSocket.opened.length).toBe(3)
  })

  it('leaves the page to the back/forward cache without a socket, and comes back', () => {
    const first = t.connect()
    t.seal(1)
    t.connection.close()
    expect(first.closedByTracker).toBe(true)
    first.end()
    vi.advanceTimersByTime(600_000)
    expect(TestSocket.opened.length).toBe(1)
    t.seal(2)
    t.connection.open()
    TestSocket.last.accept()
    expect(t.received()).toEqual([1, 2])
  })

  it('the end of a socket that was left says nothing about the next one', () => {
    const first = t.connect()
    t.connection.close()
    const second = t.connect()
    t.seal(1)
    first.end('retry 5000')
    second.say('settled 1')
    expect(t.held()).toEqual([])
    vi.advanceTimersByTime(60_000)
    expect(TestSocket.opened.length).toBe(2)
  })

  it('closing while it waits or connects ends the attempts', () => {
    t.connection.open()
    t.connection.close()
    TestSocket.last.end()
    t.connection.open()
    TestSocket.last.end()
    t.connection.close()
    vi.advanceTimersByTime(600_000)
    expect(TestSocket.opened.length).toBe(2)
  })
})
