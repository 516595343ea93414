import { limits } from '@sightline/protocol/limits'
import { describe, expect, it } from 'vitest'
import { commitPace } from './commit-pace.ts'

describe('pace of commits', () => {
  it('is fast while somebody watches and there is room', () => {
    expect(commitPace(true, 0)).toBe(limits.commitIntervalMs)
    expect(commitPace(true, 0.5)).toBe(limits.commitIntervalMs)
  })

  it('slows down as the process fills its core, and not beyond the pace without viewers', () => {
    expect(commitPace(true, 0.6)).toBeGreaterThan(limits.commitIntervalMs)
    expect(commitPace(true, 0.6)).toBeLessThan(commitPace(true, 0.8))
    expect(commitPace(true, 1)).toBe(limits.commitUnwatchedIntervalMs)
  })

  it('is slow when nobody watches', () => {
    expect(commitPace(false, 0)).toBe(limits.commitUnwatchedIntervalMs)
  })
})
