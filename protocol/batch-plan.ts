import fc from 'fast-check'
import type { BatchEncoder, BatchHeader } from './batch-encoder.ts'
import { limits } from './limits.ts'

/** What a test wants a batch to hold; times as ms from t0. */
export interface BatchPlan {
  header: BatchHeader
  t0: number
  events: EventPlan[]
}

export type EventPlan =
  | { kind: 'move'; dt: number; x: number; y: number }
  | { kind: 'scroll'; dt: number; y: number }
  | {
      kind: 'click'
      dt: number
      x: number
      y: number
      button: number
      target: string
      ex: number
      ey: number
    }
  | { kind: 'mark'; dt: number; markKind: number; value: string }

const uint32 = fc.nat(0xffff_ffff)
const position = fc.oneof(
  fc.nat(2_000),
  fc.nat(limits.positionPxMax),
  fc.constantFrom(0, limits.positionPxMax),
)
const fraction = fc.nat(limits.elementFractionMax)

/** Text of all planes, at most so many bytes of UTF-8. */
function text(bytesMax: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: 'grapheme', maxLength: 40 })
    .filter((text) => new TextEncoder().encode(text).length <= bytesMax)
}

const path = text(limits.pageBytesMax - 1).map((text) => '/' + text)

const header: fc.Arbitrary<BatchHeader> = fc.record(
  {
    session: fc.uint8Array({ minLength: limits.sessionBytes, maxLength: limits.sessionBytes }),
    lane: uint32,
    seq: fc.integer({ min: 1, max: limits.sequenceMax }),
    ev0: fc.nat(limits.sequenceMax - limits.batchEventsMax),
    clockOff: fc.integer({ min: -limits.clockOffsetMsMax, max: limits.clockOffsetMsMax }),
    clockRtt: uint32,
    page: path,
    pv: uint32,
    vw: fc.nat(limits.viewportPxMax),
    vh: fc.nat(limits.viewportPxMax),
    dh: fc.nat(limits.positionPxMax),
    outline: uint32,
    ref: text(limits.refBytesMax),
    lostRing: uint32,
    lostRefused: uint32,
    thinned: uint32,
    flags: uint32,
    site: uint32,
  },
  {
    requiredKeys: [
      'session',
      'lane',
      'seq',
      'ev0',
      'clockOff',
      'clockRtt',
      'page',
      'pv',
      'vw',
      'vh',
      'dh',
      'lostRing',
      'lostRefused',
      'thinned',
      'flags',
      'site',
    ],
  },
)

const dt = fc.oneof(fc.nat(1_000), fc.nat(limits.batchSpanMsMax))
const pointer = fc.oneof(
  fc.record({ kind: fc.constant('move' as const), dt, x: position, y: position }),
  fc.record({ kind: fc.constant('scroll' as const), dt, y: position }),
)
const pressed = fc.oneof(
  fc.record({
    kind: fc.constant('click' as const),
    ...{
      dt,
      x: position,
      y: position,
      button: fc.nat(255),
      target: text(limits.targetBytesMax),
      ex: fraction,
      ey: fraction,
    },
  }),
  fc.record({
    kind: fc.constant('mark' as const),
    dt,
    markKind: fc.integer({ min: 1, max: 255 }),
    value: fc.oneof(path, fc.constant('')),
  }),
)

/** Valid batches of every shape, events in order of time. */
export function arbitraryBatch(): fc.Arbitrary<BatchPlan> {
  return fc.record({
    header,
    // Without a time a batch may be shorter than the smallest size, so the time is never 0.
    t0: fc.integer({ min: 2 ** 40, max: 2 ** 52 }),
    events: fc
      .tuple(fc.array(pointer, { maxLength: 60 }), fc.array(pressed, { maxLength: 12 }))
      .map((events) => events.flat().sort((a, b) => a.dt - b.dt)),
  })
}

/** Puts the plan's events into the encoder and seals. */
export function encode(encoder: BatchEncoder, { header, t0, events }: BatchPlan): Uint8Array<ArrayBuffer> {
  encoder.begin(t0)
  for (const event of events) {
    const t = t0 + event.dt
    if (event.kind === 'move') encoder.move(t, event.x, event.y)
    else if (event.kind === 'scroll') encoder.scroll(t, event.y)
    else if (event.kind === 'click') {
      encoder.click(t, event.x, event.y, event.button, event.target, event.ex, event.ey)
    } else encoder.mark(t, event.markKind, event.value)
  }
  return encoder.seal(header)
}
