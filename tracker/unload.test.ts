import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { splitBeacon } from '@sightline/protocol/beacon'
import { limits } from '@sightline/protocol/limits'
import { newLane } from './lane.ts'
import { createRing, type Ring } from './ring.ts'
import { sendBeforeUnload, takeLeftBehind } from './unload.ts'

const url = 'http://gateway/beacon?key=1-a'
let beacons: { url: string; body: Uint8Array }[]
let kept: Map<string, string>

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date'] })
  beacons = []
  kept = new Map()
  const sendBeacon = (url: string, body: Uint8Array) => beacons.push({ url, body }) > 0
  vi.stubGlobal('navigator', { sendBeacon })
  const sessionStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  vi.stubGlobal('window', { sessionStorage })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Batches of these lengths with every value that a byte can have in them. */
function ringOf(...lengths: number[]): Ring {
  const ring = createRing()
  lengths.forEach((length, i) => {
    const bytes = Uint8Array.from({ length }, (_, at) => (at + i * 7) & 255)
    ring.add({ bytes, events: 5, lane: newLane(), sealedMs: Date.now() })
  })
  return ring
}

const bytesOf = (ring: Ring) => [...ring.batches].map(({ bytes }) => [...bytes])
const sentBytes = () =>
  splitBeacon(beacons[0].body)!.map(([start, end]) => [...beacons[0].body.subarray(start, end)])

function nextPage(): Ring {
  const ring = createRing()
  takeLeftBehind(ring, 'unsettled1')
  return ring
}

describe('leaving', () => {
  it('[D18] sends what is not settled by beacon, in order, and keeps a copy', () => {
    const ring = ringOf(300, 40, 5_000)
    sendBeforeUnload(url, ring, 'unsettled1')
    expect(beacons.map((beacon) => beacon.url)).toEqual([url])
    expect(sentBytes()).toEqual(bytesOf(ring))
    expect(bytesOf(nextPage())).toEqual(bytesOf(ring))
  })

  it('[D18] sends the newest if not all fits, within what browsers take', () => {
    const ring = ringOf(...Array.from({ length: 20 }, () => 8_000))
    sendBeforeUnload(url, ring, 'unsettled1')
    expect(beacons[0].body.length).toBeLessThanOrEqual(limits.unloadBytesMax)
    expect(beacons[0].body.length).toBeLessThan(limits.beaconBytesMax)
    expect(sentBytes()).toEqual(bytesOf(ring).slice(-7))
  })

  it('[D16] sends no empty beacon, and takes away the copy of what is settled by now', () => {
    sendBeforeUnload(url, ringOf(100), 'unsettled1')
    sendBeforeUnload(url, ringOf(), 'unsettled1')
    expect(beacons).toHaveLength(1)
    expect(nextPage().batches.size).toBe(0)
  })

  it('[B23] the ring keeps what was sent: nobody hears whether a beacon arrived', () => {
    const ring = ringOf(100, 200)
    sendBeforeUnload(url, ring, 'unsettled1')
    expect(ring.batches.size).toBe(2)
  })
})

describe('arriving', () => {
  it('[D19] takes a copy once', () => {
    sendBeforeUnload(url, ringOf(100), 'unsettled1')
    expect(nextPage().batches.size).toBe(1)
    expect(nextPage().batches.size).toBe(0)
  })

  it('[D19] throws copies away that are too old to be counted', () => {
    sendBeforeUnload(url, ringOf(100), 'unsettled1')
    vi.advanceTimersByTime(limits.storedCopyAgeMsMax)
    expect(nextPage().batches.size).toBe(0)
    expect(kept.get('sightline.unsettled1')).toBe('')
  })

  it('[D19] a copy does not get younger by being carried from page to page', () => {
    sendBeforeUnload(url, ringOf(100), 'unsettled1')
    vi.advanceTimersByTime(limits.storedCopyAgeMsMax / 2)
    const carrying = nextPage()
    carrying.add({ bytes: new Uint8Array(50), events: 1, lane: newLane(), sealedMs: Date.now() })
    sendBeforeUnload(url, carrying, 'unsettled1')
    vi.advanceTimersByTime(limits.storedCopyAgeMsMax / 2)
    expect(bytesOf(nextPage())).toEqual([Array.from({ length: 50 }, () => 0)])
  })

  it('[E14] a copy’s events are the business of the document that sealed them', () => {
    sendBeforeUnload(url, ringOf(100), 'unsettled1')
    expect([...nextPage().batches].map(({ events }) => events)).toEqual([0])
  })

  it('copies of another site on the same origin are left alone', () => {
    sendBeforeUnload(url, ringOf(100), 'unsettled2')
    expect(nextPage().batches.size).toBe(0)
    expect(kept.get('sightline.unsettled2')).not.toBe('')
  })

  it.each(['', 'x', '…', 'NaN…abc', '0…abc'])('what is no copy is not taken: %j', (text) => {
    kept.set('sightline.unsettled1', text)
    expect(nextPage().batches.size).toBe(0)
  })

  it('without storage there is nothing to take, and nothing fails', () => {
    vi.stubGlobal('window', {})
    sendBeforeUnload(url, ringOf(100), 'unsettled1')
    expect(beacons).toHaveLength(1)
    expect(nextPage().batches.size).toBe(0)
  })
})
