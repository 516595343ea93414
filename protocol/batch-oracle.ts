import { type DescMessage, fromBinary, toBinary } from '@bufbuild/protobuf'
import { batchDescriptor } from './batch-descriptor.ts'
import type { BatchReader } from './decoded-batch.ts'
import { limits } from './limits.ts'

/** A batch as plain values: what two decoders are compared by. Columns running, as in DecodedBatch. */
export interface BatchValues {
  session: number[]
  lane: number
  seq: number
  ev0: number
  n: number
  t0: number
  clockOff: number
  clockRtt: number
  page: string
  pv: number
  vw: number
  vh: number
  dh: number
  outline: number
  ref: string
  lostRing: number
  lostRefused: number
  thinned: number
  flags: number
  site: number
  moveDt: number[]
  moveX: number[]
  moveY: number[]
  scrollDt: number[]
  scrollY: number[]
  clicks: { dt: number; x: number; y: number; button: number; target: string; ex: number; ey: number }[]
  marks: { dt: number; kind: number; value: string }[]
}

/** The message that the independent library reads, by the local names it gives to the fields. */
interface OracleBatch {
  session: Uint8Array
  t0: bigint
  moveDt: number[]
  moveDx: number[]
  moveDy: number[]
  scrollDt: number[]
  scrollDy: number[]
  click: BatchValues['clicks']
  mark: BatchValues['marks']
}
type HeaderValues = Omit<
  BatchValues,
  'session' | 't0' | 'moveDt' | 'moveX' | 'moveY' | 'scrollDt' | 'scrollY' | 'clicks' | 'marks'
>

/**
 * An independent judge of batches: @bufbuild/protobuf reads the bytes, and the rules that concern values are written
 * down a second time here, slowly and on plain arrays.
 */
export class BatchOracle {
  private readonly descriptor: DescMessage = batchDescriptor()

  /** Null when the library can't read the bytes. */
  read(bytes: Uint8Array): BatchValues | null {
    try {
      const message = fromBinary(this.descriptor, bytes) as unknown as OracleBatch & HeaderValues
      const { lane, seq, ev0, n, clockOff, clockRtt, page, pv, vw, vh, dh, outline, ref } = message
      const { lostRing, lostRefused, thinned, flags, site } = message
      return {
        session: [...message.session],
        ...{
          lane,
          seq,
          ev0,
          n,
          t0: Number(message.t0),
          clockOff,
          clockRtt,
          page,
          pv,
          vw,
          vh,
          dh,
          outline,
          ref,
        },
        ...{ lostRing, lostRefused, thinned, flags, site },
        moveDt: running(message.moveDt),
        moveX: running(message.moveDx),
        moveY: running(message.moveDy),
        scrollDt: running(message.scrollDt),
        scrollY: running(message.scrollDy),
        clicks: message.click.map(({ dt, x, y, button, target, ex, ey }) => ({
          dt,
          x,
          y,
          button,
          target,
          ex,
          ey,
        })),
        marks: message.mark.map(({ dt, kind, value }) => ({ dt, kind, value })),
      }
    } catch {
      return null
    }
  }

  /** The same message as the library itself writes it, without fields it doesn't know; null when it can't read it. */
  rewrite(bytes: Uint8Array): Uint8Array | null {
    try {
      const message = fromBinary(this.descriptor, bytes, { readUnknownFields: false })
      return toBinary(this.descriptor, message)
    } catch {
      return null
    }
  }
}

/** Whether values obey the rules B8 to B19: all that are not about the bytes. */
export function obeysRules(batch: BatchValues): boolean {
  const { moveDt, moveX, moveY, scrollDt, scrollY, clicks, marks } = batch
  const known = moveDt.length + scrollDt.length + clicks.length + marks.length
  return [
    batch.session.length === limits.sessionBytes,
    batch.seq >= 1 && batch.seq <= limits.sequenceMax,
    batch.ev0 + batch.n <= limits.sequenceMax,
    batch.n >= known && batch.n <= limits.batchEventsMax,
    batch.t0 <= Number.MAX_SAFE_INTEGER,
    Math.abs(batch.clockOff) <= limits.clockOffsetMsMax,
    batch.page.startsWith('/') && byteLength(batch.page) <= limits.pageBytesMax,
    byteLength(batch.ref) <= limits.refBytesMax,
    batch.vw <= limits.viewportPxMax && batch.vh <= limits.viewportPxMax && batch.dh <= limits.positionPxMax,
    moveDt.length === moveX.length && moveDt.length === moveY.length && scrollDt.length === scrollY.length,
    [...moveX, ...moveY, ...scrollY, ...clicks.flatMap(({ x, y }) => [x, y])].every(isPosition),
    [...moveDt, ...scrollDt, ...clicks.map(({ dt }) => dt), ...marks.map(({ dt }) => dt)].every(isTime),
    clicks.length + marks.length <= limits.batchClicksAndMarksMax,
    clicks.every(
      ({ button, target, ex, ey }) =>
        button <= 255 && byteLength(target) <= limits.targetBytesMax && ex <= 65_535 && ey <= 65_535,
    ),
    marks.every(
      ({ kind, value }) =>
        kind >= 1 &&
        kind <= 255 &&
        byteLength(value) <= limits.markValueBytesMax &&
        (value === '' || value.startsWith('/') || ![3, 6, 7].includes(kind)),
    ),
  ].every(Boolean)
}

/** What our decoder has read, in the same form. */
export function valuesOf(batch: BatchReader): BatchValues {
  const { lane, seq, ev0, n, t0, clockOff, clockRtt, pv, vw, vh, dh, outline } = batch
  const { lostRing, lostRefused, thinned, flags, site } = batch
  return {
    session: [...batch.bytes.subarray(batch.sessionStart, batch.sessionStart + limits.sessionBytes)],
    ...{
      lane,
      seq,
      ev0,
      n,
      t0,
      clockOff,
      clockRtt,
      page: batch.text(batch.pageStart, batch.pageEnd),
      pv,
      vw,
      vh,
      dh,
      outline,
    },
    ...{ ref: batch.text(batch.refStart, batch.refEnd), lostRing, lostRefused, thinned, flags, site },
    moveDt: [...batch.moveDt.subarray(0, batch.moveCount)],
    moveX: [...batch.moveX.subarray(0, batch.moveCount)],
    moveY: [...batch.moveY.subarray(0, batch.moveCount)],
    scrollDt: [...batch.scrollDt.subarray(0, batch.scrollCount)],
    scrollY: [...batch.scrollY.subarray(0, batch.scrollCount)],
    clicks: Array.from({ length: batch.clickCount }, (_, i) => ({
      dt: batch.clickDt[i],
      x: batch.clickX[i],
      y: batch.clickY[i],
      button: batch.clickButton[i],
      target: batch.text(batch.clickTargetStart[i], batch.clickTargetEnd[i]),
      ex: batch.clickEx[i],
      ey: batch.clickEy[i],
    })),
    marks: Array.from({ length: batch.markCount }, (_, i) => ({
      dt: batch.markDt[i],
      kind: batch.markKind[i],
      value: batch.text(batch.markValueStart[i], batch.markValueEnd[i]),
    })),
  }
}

/** The library drops a byte order mark at the beginning of a string; ours keeps it. */
export function withoutByteOrderMarks(values: BatchValues): BatchValues {
  const bare = (text: string) => text.replace(/^\ufeff/, '')
  return {
    ...values,
    ref: bare(values.ref),
    clicks: values.clicks.map((click) => ({ ...click, target: bare(click.target) })),
    marks: values.marks.map((mark) => ({ ...mark, value: bare(mark.value) })),
  }
}

function running(deltas: number[]): number[] {
  let sum = 0
  return deltas.map((delta) => (sum += delta))
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

function isPosition(px: number): boolean {
  return px >= 0 && px <= limits.positionPxMax
}

function isTime(ms: number): boolean {
  return ms <= limits.batchSpanMsMax
}
