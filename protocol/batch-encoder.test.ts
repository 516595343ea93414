import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BatchDecoder } from './batch-decoder.ts'
import { BatchEncoder, type BatchHeader } from './batch-encoder.ts'
import { arbitraryBatch, encode, type EventPlan } from './batch-plan.ts'
import { valuesOf } from './batch-oracle.ts'
import { limits } from './limits.ts'
import { markKinds } from './mark-kinds.ts'

const t0 = 1_800_000_000_000
const header: BatchHeader = {
  session: new Uint8Array(16).fill(7),
  ...{
    lane: 0xfeed_beef,
    seq: 1,
    ev0: 0,
    clockOff: -37,
    clockRtt: 12,
    page: '/a',
    pv: 1,
    vw: 1_440,
    vh: 900,
    dh: 5_200,
  },
  ...{ lostRing: 0, lostRefused: 0, thinned: 0, flags: 0, site: 1 },
}
const decoder = new BatchDecoder()

function sealed(fill: (encoder: BatchEncoder) => void, changes: Partial<BatchHeader> = {}) {
  const encoder = new BatchEncoder()
  encoder.begin(t0)
  fill(encoder)
  expect(decoder.read(encoder.seal({ ...header, ...changes }))).toBeNull()
  return valuesOf(decoder)
}

describe('round trip', () => {
  it('[B21] whatever is sealed is admitted and reads as it was put in', () => {
    const encoder = new BatchEncoder()
    fc.assert(
      fc.property(arbitraryBatch(), (plan) => {
        expect(decoder.read(encode(encoder, plan))).toBeNull()
        const { header, t0, events } = plan
        const of = <K extends EventPlan['kind']>(kind: K) =>
          events.filter((event): event is EventPlan & { kind: K } => event.kind === kind)
        const { session, ...rest } = header
        expect(valuesOf(decoder)).toEqual({
          outline: 0,
          ref: '',
          ...rest,
          session: [...session],
          n: events.length,
          t0,
          moveDt: of('move').map(({ dt }) => dt),
          moveX: of('move').map(({ x }) => x),
          moveY: of('move').map(({ y }) => y),
          scrollDt: of('scroll').map(({ dt }) => dt),
          scrollY: of('scroll').map(({ y }) => y),
          clicks: of('click').map(({ dt, x, y, button, target, ex, ey }) => ({
            dt,
            x,
            y,
            button,
            target,
            ex,
            ey,
          })),
          marks: of('mark').map(({ dt, markKind, value }) => ({ dt, kind: markKind, value })),
        })
      }),
      { numRuns: 300 },
    )
  })

  it('[B21] whatever is put in, in or out of range, is admitted', () => {
    const wild = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true }),
      fc.maxSafeInteger(),
      fc.constantFrom(-Infinity, Infinity),
    )
    const text = fc.string({ unit: 'binary', maxLength: 1_500 })
    const event = fc.tuple(
      fc.constantFrom('move', 'scroll', 'click', 'mark'),
      fc.array(wild, { minLength: 6, maxLength: 6 }),
      text,
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), text, wild, (events, page, size) => {
        sealed(
          (encoder) => {
            for (const [kind, [a, b, c, d, e], text] of events) {
              if (kind === 'move') encoder.move(t0 + a, b, c)
              else if (kind === 'scroll') encoder.scroll(t0 + a, b)
              else if (kind === 'click') encoder.click(t0 + a, b, c, 0, text, d, e)
              else encoder.mark(t0 + a, markKinds.visibility, text)
            }
          },
          { page: '/' + page, ref: page, vw: size, vh: size, dh: size, clockOff: size },
        )
      }),
      { numRuns: 300 },
    )
  })
})

describe('what is out of range', () => {
  it('[B21] times are rounded, never fall in a column, and stay in the span', () => {
    const { moveDt, scrollDt, clicks, marks } = sealed((encoder) => {
      for (const t of [-5, 10.4, 7, 10.6, 999_999, 20]) encoder.move(t0 + t, 1, 1)
      encoder.scroll(t0 + 3, 0)
      for (const t of [-5, 3.6, 999_999]) encoder.click(t0 + t, 1, 1, 0, '', 0, 0)
      encoder.mark(t0 + 999_999, markKinds.start, '')
    })
    expect(moveDt).toEqual([0, 10, 10, 11, limits.batchSpanMsMax, limits.batchSpanMsMax])
    expect(scrollDt).toEqual([3])
    expect(clicks.map(({ dt }) => dt)).toEqual([0, 4, limits.batchSpanMsMax])
    expect(marks[0].dt).toBe(limits.batchSpanMsMax)
  })

  it('[B21] positions are rounded and clamped to the page', () => {
    const max = limits.positionPxMax
    const { moveX, moveY, scrollY, clicks } = sealed((encoder) => {
      for (const [x, y] of [
        [1.4, 1.6],
        [-3, 2e6],
        [5, 6],
      ])
        encoder.move(t0, x, y)
      for (const y of [-40, 3e6, 12.2]) encoder.scroll(t0, y)
      encoder.click(t0, -1, 9e9, 9, '', -4, 70_000)
    })
    expect(moveX).toEqual([1, 0, 5])
    expect(moveY).toEqual([2, max, 6])
    expect(scrollY).toEqual([0, max, 12])
    expect(clicks).toEqual([
      { dt: 0, x: 0, y: max, button: 9, target: '', ex: 0, ey: limits.elementFractionMax },
    ])
  })

  it('[B21] strings are cut between two characters', () => {
    const { page, ref, clicks, marks } = sealed(
      (encoder) => {
        encoder.click(t0, 1, 1, 0, 'a' + '😀'.repeat(100), 0, 0)
        encoder.mark(t0, markKinds.navigation, '/' + 'ü'.repeat(600))
      },
      { page: '/' + '€'.repeat(400), ref: 'é'.repeat(200) },
    )
    expect(clicks[0].target).toBe('a' + '😀'.repeat(63))
    expect(marks[0].value).toBe('/' + 'ü'.repeat(511))
    expect(page).toBe('/' + '€'.repeat(341))
    expect(ref).toBe('é'.repeat(127))
  })

  it('[B21] half a surrogate pair becomes a replacement character', () => {
    expect(sealed((encoder) => encoder.click(t0, 1, 1, 0, 'a\ud800b', 0, 0)).clicks[0].target).toBe(
      'a\ufffdb',
    )
  })

  it('[B21] sizes and clocks are clamped', () => {
    expect(sealed(() => {}, { vw: 99_999, vh: -1, dh: 2e7, clockOff: -1e12 })).toMatchObject({
      vw: limits.viewportPxMax,
      vh: 0,
      dh: limits.positionPxMax,
      clockOff: -limits.clockOffsetMsMax,
    })
    expect(sealed(() => {}, { clockOff: -37.6 }).clockOff).toBe(-38)
  })
})

describe('the encoder', () => {
  it('counts events, clicks and marks', () => {
    const encoder = new BatchEncoder()
    encoder.begin(t0)
    expect([encoder.count, encoder.clicksAndMarks]).toEqual([0, 0])
    encoder.move(t0, 1, 1)
    encoder.scroll(t0, 1)
    expect([encoder.count, encoder.clicksAndMarks]).toEqual([2, 0])
    encoder.click(t0, 1, 1, 0, 'x', 0, 0)
    encoder.mark(t0, markKinds.start, '')
    expect([encoder.count, encoder.clicksAndMarks]).toEqual([4, 2])
  })

  it('begins anew without a trace of the batch before', () => {
    const encoder = new BatchEncoder()
    encoder.begin(t0 - 500)
    encoder.move(t0, 900, 900)
    encoder.scroll(t0, 900)
    encoder.click(t0, 1, 1, 0, 'x', 1, 1)
    encoder.seal({ ...header, ref: 'old.example', outline: 5 })
    encoder.begin(t0)
    encoder.move(t0 + 1, 3, 4)
    const again = encoder.seal(header)
    const fresh = new BatchEncoder()
    fresh.begin(t0)
    fresh.move(t0 + 1, 3, 4)
    expect(again).toEqual(fresh.seal(header))
  })

  it('[B23] a sealed batch does not change when the encoder goes on', () => {
    const encoder = new BatchEncoder()
    encoder.begin(t0)
    encoder.move(t0, 3, 4)
    const first = encoder.seal(header)
    const copy = first.slice()
    encoder.move(t0 + 9, 30, 40)
    encoder.seal({ ...header, seq: 2 })
    encoder.begin(t0 + 50)
    encoder.seal({ ...header, seq: 3 })
    expect(first).toEqual(copy)
    expect(first.byteLength).toBe(first.buffer.byteLength)
  })

  it('[B1] a full batch of moves fits the size limit', () => {
    const encoder = new BatchEncoder()
    encoder.begin(t0)
    for (let i = 0; i < limits.batchEventsMax; i++) {
      encoder.move(t0 + i * 585, i % 2 ? limits.positionPxMax : 0, i % 2 ? 0 : limits.positionPxMax)
    }
    const bytes = encoder.seal({ ...header, page: '/' + 'a'.repeat(2_000) })
    expect(bytes.length).toBeLessThan(limits.batchBytesMax)
    expect(decoder.read(bytes)).toBeNull()
    expect(decoder.moveCount).toBe(limits.batchEventsMax)
  })
})
