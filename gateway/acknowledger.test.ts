import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '@sightline/protocol/limits'
import { Acknowledger } from './acknowledger.ts'

function received(count: number): Acknowledger {
  const ordinals = new Acknowledger()
  for (let i = 0; i < count; i++) ordinals.receive()
  return ordinals
}

describe('prefix', () => {
  it('[GW7] numbers batches from 1', () => {
    const ordinals = new Acknowledger()
    expect([ordinals.receive(), ordinals.receive(), ordinals.receive()]).toEqual([1, 2, 3])
    expect(ordinals.settled).toBe(0)
  })

  it('[GW7] is as long as the batches are settled without a hole, whatever the order', () => {
    const ordinals = received(5)
    ordinals.settle(2)
    ordinals.settle(3)
    expect(ordinals.settled).toBe(0)
    ordinals.settle(1)
    expect(ordinals.settled).toBe(3)
    ordinals.settle(5)
    expect(ordinals.settled).toBe(3)
    ordinals.settle(4)
    expect(ordinals.settled).toBe(5)
    expect(ordinals.complete).toBe(true)
  })

  it('[GW7] agrees with a plain model over any interleaving of arrivals and settlements', () => {
    const step = fc.oneof(fc.constant('receive' as const), fc.nat())
    fc.assert(
      fc.property(fc.array(step, { maxLength: 800 }), (steps) => {
        const ordinals = new Acknowledger()
        const decided = new Set<number>()
        let count = 0
        for (const what of steps) {
          const open = Array.from({ length: count }, (_, i) => i + 1).filter(
            (ordinal) => !decided.has(ordinal),
          )
          if (what === 'receive') count = ordinals.receive()
          else if (open.length > 0) {
            const ordinal = open[what % open.length]
            decided.add(ordinal)
            ordinals.settle(ordinal)
          }
          let prefix = 0
          while (decided.has(prefix + 1)) prefix++
          expect(ordinals.settled).toBe(prefix)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('[GW7] survives many turns of its ring', () => {
    const ordinals = new Acknowledger()
    for (let i = 1; i <= 10_000; i++) {
      expect(ordinals.receive()).toBe(i)
      if (i > 50) ordinals.settle(i - 50)
    }
    expect(ordinals.settled).toBe(9_950)
  })

  it('[GW13] takes no more than the limit of undecided batches, and more once some are decided', () => {
    const ordinals = received(limits.unsettledFramesPerConnectionMax)
    expect(ordinals.receive()).toBe(0)
    expect(ordinals.received).toBe(limits.unsettledFramesPerConnectionMax)
    ordinals.settle(1)
    expect(ordinals.receive()).toBe(limits.unsettledFramesPerConnectionMax + 1)
    for (let i = 2; i <= ordinals.received; i++) ordinals.settle(i)
    expect(ordinals.settled).toBe(ordinals.received)
  })
})

describe('refusals', () => {
  it('[GW9] are told once, in the first acknowledgement that covers them', () => {
    const ordinals = received(2)
    ordinals.refuse(2, 'malformed')
    ordinals.receive()
    ordinals.settle(3)
    expect(ordinals.tell()).toEqual([])
    ordinals.settle(1)
    expect(ordinals.settled).toBe(3)
    expect(ordinals.tell()).toEqual([{ ordinal: 2, refusal: 'malformed' }])
    expect(ordinals.tell()).toEqual([])
  })

  it('[GW9] beyond the prefix wait for it', () => {
    const ordinals = new Acknowledger()
    ordinals.refuse(ordinals.receive(), 'unknown-site')
    ordinals.receive()
    ordinals.refuse(ordinals.receive(), 'server-field')
    expect(ordinals.tell()).toEqual([{ ordinal: 1, refusal: 'unknown-site' }])
    ordinals.settle(2)
    expect(ordinals.tell()).toEqual([{ ordinal: 3, refusal: 'server-field' }])
  })
})

describe('end', () => {
  it('[GW12] keeps what was settled behind a failed batch from being acknowledged', () => {
    const ordinals = received(4)
    ordinals.settle(1)
    ordinals.settle(4)
    ordinals.endAt(3)
    expect(ordinals.complete).toBe(false)
    ordinals.settle(2)
    expect(ordinals.settled).toBe(2)
    expect(ordinals.complete).toBe(true)
    ordinals.settle(3)
    expect(ordinals.settled).toBe(2)
  })

  it('[GW12] is at the earliest of several failed batches', () => {
    const ordinals = received(3)
    ordinals.endAt(3)
    ordinals.endAt(2)
    ordinals.settle(1)
    expect(ordinals.settled).toBe(1)
    expect(ordinals.complete).toBe(true)
  })

  it('[GW8] knows how much the peer was not told', () => {
    const ordinals = received(3)
    ordinals.settle(1)
    ordinals.settle(2)
    expect(ordinals.untold).toBe(2)
    ordinals.tell()
    expect(ordinals.untold).toBe(0)
  })
})
