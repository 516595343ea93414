import { expect, test } from 'vitest'
import { FrameChain } from './frame-chain.ts'
import { frame, frameBytes } from './frame-builder.ts'
import type { FrameHeader } from '@sightline/protocol/live-frames'

const header = (part: Partial<FrameHeader>) => frame(part).header
const snapshot = (part: Partial<FrameHeader> = {}) => header({ type: 'snapshot', ...part })

test('a snapshot begins the chain, and frames whose from is the last to continue it', () => {
  const chain = new FrameChain()
  expect(chain.cursor).toBeNull()
  expect(chain.link(snapshot({ to: 'a' }))).toEqual({ take: true, gap: null, resubscribe: false })
  expect(chain.link(header({ sequence: 2, from: 'a', to: 'b' }))).toEqual({
    take: true,
    gap: null,
    resubscribe: false,
  })
  expect(chain.link(header({ sequence: 9, from: 'b', to: 'b' }))).toEqual({
    take: true,
    gap: null,
    resubscribe: false,
  })
  expect(chain.cursor).toBe('b')
})

test('a frame that follows another one is a gap that nobody told, and asks for a snapshot', () => {
  const chain = new FrameChain()
  chain.link(snapshot({ to: 'a' }))
  const link = chain.link(header({ sequence: 2, from: 'elsewhere', to: 'c' }))
  expect(link).toEqual({ take: true, gap: { reason: 'broken-chain', records: 0 }, resubscribe: true })
  expect(chain.cursor).toBe('c')
})

test('a gap that the server tells is passed on as it is', () => {
  const chain = new FrameChain()
  const gap = { reason: 'rolled-back' as const, records: 12 }
  expect(chain.link(snapshot({ gap }))).toEqual({ take: true, gap, resubscribe: false })
  expect(chain.link(header({ sequence: 2, from: 'x', to: 'b', gap }))).toEqual({
    take: true,
    gap,
    resubscribe: false,
  })
})

test('nothing is taken before the first snapshot, nor a frame twice', () => {
  const chain = new FrameChain()
  expect(chain.link(header({ from: 'a', to: 'b' }))).toEqual({ take: false })
  chain.link(snapshot({ sequence: 5, to: 'b' }))
  expect(chain.link(header({ sequence: 5, from: 'b', to: 'c' }))).toEqual({ take: false })
  expect(chain.cursor).toBe('b')
})

test('after a resume a continuing frame is taken although its sequence begins anew', () => {
  const chain = new FrameChain()
  chain.link(snapshot({ sequence: 40, to: 'b' }))
  chain.resume()
  expect(chain.link(header({ sequence: 1, from: 'b', to: 'c' }))).toEqual({
    take: true,
    gap: null,
    resubscribe: false,
  })
})

test('a snapshot in place of the frames that were asked for is a gap also when it does not say so', () => {
  const chain = new FrameChain()
  chain.link(snapshot({ to: 'b' }))
  chain.resume()
  expect(chain.link(snapshot({ to: 'q' }))).toEqual({
    take: true,
    gap: { reason: 'too-old', records: 0 },
    resubscribe: false,
  })
})

test('another view starts over: its snapshot is no gap', () => {
  const chain = new FrameChain()
  chain.link(snapshot({ to: 'b' }))
  chain.startOver()
  expect(chain.cursor).toBeNull()
  expect(chain.link(header({ sequence: 7, from: 'b', to: 'c' }))).toEqual({ take: false })
  expect(chain.link(snapshot({ to: 'z' }))).toEqual({ take: true, gap: null, resubscribe: false })
})

test('a frame that is cut off throws', () => {
  const bytes = frameBytes({}, [{ x: 1 }])
  expect(() => frame({ points: 5 }, [{ x: 1 }])).toThrow(RangeError)
  expect(bytes.byteLength).toBeGreaterThan(0)
})
