import { describe, expect, it } from 'vitest'
import { createClock } from './clock.ts'

const epoch = 1_800_000_000_000

/** A sample as a browser gets it whose clock is `ahead` ms ahead; the ping travels `there` ms and the pong `back` ms. */
function sampled(clock = createClock(), ahead: number, there: number, back: number, at = 1_000) {
  const received = at + there + back
  clock.sample(at, received, Math.round(epoch + at + there), Math.round(epoch + received + ahead))
  return clock
}

describe('clock', () => {
  it('[E16] before the first sample there is neither offset nor round trip', () => {
    expect(createClock()).toMatchObject({ clockOff: 0, clockRtt: 0 })
  })

  it('[E16] the error is at most half of the round trip, however the way is shared out', () => {
    for (const [there, back] of [
      [0.2, 0.3],
      [20, 20],
      [0, 80],
      [80, 0],
      [300, 100],
    ]) {
      const { clockOff, clockRtt } = sampled(createClock(), 1_234, there, back)
      expect(Math.abs(clockOff + 1_234)).toBeLessThanOrEqual(clockRtt / 2 + 1)
      expect(clockRtt).toBe(Math.ceil(there + back))
    }
  })

  it('[E16] a round trip too short to be seen is still a sample', () => {
    expect(sampled(createClock(), 0, 0, 0).clockRtt).toBe(1)
  })

  it('[D13] the sample with the shortest round trip wins', () => {
    const clock = sampled(createClock(), 0, 100, 0)
    expect(clock.clockOff).toBe(50)
    sampled(clock, 0, 2, 2, 2_000)
    expect(clock).toMatchObject({ clockOff: 0, clockRtt: 4 })
    sampled(clock, 0, 100, 0, 3_000)
    expect(clock).toMatchObject({ clockOff: 0, clockRtt: 4 })
  })

  it('[D13] it slowly loses against new ones', () => {
    const clock = sampled(createClock(), 0, 2, 2)
    for (let i = 0; i < 60; i++) sampled(clock, 0, 4, 4, 2_000 + i)
    expect(clock.clockRtt).toBe(8)
  })

  it('[D13] a sample that excludes the winner shows that a clock was set, whatever its round trip', () => {
    const clock = sampled(createClock(), 0, 1, 1)
    sampled(clock, 60_000, 40, 40, 2_000)
    expect(clock).toMatchObject({ clockOff: -60_000, clockRtt: 80 })
    sampled(clock, -5, 45, 45, 3_000) // and another gateway, five ms apart from where the browser’s clock was
    expect(clock).toMatchObject({ clockOff: 5, clockRtt: 90 })
  })
})
