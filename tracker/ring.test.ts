import { describe, expect, it } from 'vitest'
import { limits } from '@sightline/protocol/limits'
import { newLane } from './lane.ts'
import { createRing } from './ring.ts'

const lane = newLane()
const batch = (bytes: number, events = 1, of = lane) => ({
  bytes: new Uint8Array(bytes),
  events,
  lane: of,
  sealedMs: 0,
})

describe('ring', () => {
  it('[D7] keeps batches in the order in which they were sealed', () => {
    const ring = createRing()
    const [a, b, c] = [batch(100), batch(100), batch(100)]
    for (const one of [a, b, c]) ring.add(one)
    ring.remove(b)
    expect([...ring.batches]).toEqual([a, c])
    expect([...ring.batches][0]).toBe(a)
  })

  it('[D8] beyond its number of batches the oldest are dropped and their events counted', () => {
    const ring = createRing()
    const lane = newLane()
    const first = batch(40, 7, lane)
    ring.add(first)
    for (let i = 1; i < limits.ringBatchesMax; i++) ring.add(batch(40, 1, lane))
    expect(lane.lostRing).toBe(0)
    ring.add(batch(40, 1, lane))
    expect(ring.batches.size).toBe(limits.ringBatchesMax)
    expect(ring.batches.has(first)).toBe(false)
    expect(lane.lostRing).toBe(7)
  })

  it('[D8] beyond its bytes as many of the oldest are dropped as the newest needs', () => {
    const ring = createRing()
    const lane = newLane()
    const large = limits.ringBytesMax / 16
    for (let i = 0; i < 16; i++) ring.add(batch(large, 10, lane))
    expect(lane.lostRing).toBe(0)
    ring.add(batch(large + 1, 10, lane))
    expect(ring.batches.size).toBe(15)
    expect(lane.lostRing).toBe(20)
  })

  it('[D8] what is settled makes room', () => {
    const ring = createRing()
    const lane = newLane()
    const half = batch(limits.ringBytesMax / 2, 5, lane)
    ring.add(half)
    expect(ring.remove(half)).toBe(true)
    expect(ring.remove(half)).toBe(false)
    ring.add(batch(limits.ringBytesMax, 5, lane))
    expect(lane.lostRing).toBe(0)
  })

  it('[E14] what is dropped is counted in the lane it was sealed in, not in the present one', () => {
    const ring = createRing()
    const [before, now] = [newLane(), newLane()]
    ring.add(batch(limits.ringBytesMax, 3, before))
    ring.add(batch(limits.ringBytesMax, 4, now))
    expect([before.lostRing, now.lostRing]).toEqual([3, 0])
  })
})
