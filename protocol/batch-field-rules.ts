import * as f from './batch-field-numbers.ts'
import { limits } from './limits.ts'
import { wire } from './wire-reader.ts'

const uint32Max = 0xffff_ffff

/** How a field of Batch is read. `unknown` fields are skipped, `server` fields refused, `none` does not exist. */
export const types = {
  none: 0,
  unknown: 1,
  server: 2,
  fixed32: 3,
  number: 4,
  session: 5,
  page: 6,
  ref: 7,
  times: 8,
  positions: 9,
  click: 10,
  mark: 11,
} as const
type TypeName = keyof typeof types

/** Highest field number that may stand in a batch at all. */
export const fieldNumberMax = 63

/** Field number → type. */
export const typeOf = new Uint8Array(fieldNumberMax + 1)
/** Field number → the one wire type it may have (of the known fields). */
export const wireOf = new Uint8Array(fieldNumberMax + 1)
/** Field number → largest value of its varint: the number as coded, or the length in bytes of what follows. */
export const maxOf = new Float64Array(fieldNumberMax + 1)
/** Field number → bytes that this varint may take. */
export const varintBytesMaxOf = new Uint8Array(fieldNumberMax + 1)

function define(type: TypeName, wireType: number, max: number, ...fields: number[]): void {
  for (const field of fields) {
    typeOf[field] = types[type]
    wireOf[field] = wireType
    maxOf[field] = max
    varintBytesMaxOf[field] = wireType === wire.lengthDelimited ? 3 : 5
  }
}

define('session', wire.lengthDelimited, limits.sessionBytes, f.session)
define('page', wire.lengthDelimited, limits.pageBytesMax, f.page)
define('ref', wire.lengthDelimited, limits.refBytesMax, f.ref)
define('fixed32', wire.fourBytes, uint32Max, f.lane, f.outline)
define('number', wire.varint, Number.MAX_SAFE_INTEGER, f.t0)
define('number', wire.varint, 2 * limits.clockOffsetMsMax, f.clockOff)
define('number', wire.varint, limits.sequenceMax, f.seq, f.ev0)
define('number', wire.varint, limits.batchEventsMax, f.n)
define('number', wire.varint, limits.viewportPxMax, f.vw, f.vh)
define('number', wire.varint, limits.positionPxMax, f.dh)
define(
  'number',
  wire.varint,
  uint32Max,
  f.clockRtt,
  f.pv,
  f.lostRing,
  f.lostRefused,
  f.thinned,
  f.flags,
  f.site,
)
define('times', wire.lengthDelimited, limits.batchBytesMax, f.moveDt, f.scrollDt)
define('positions', wire.lengthDelimited, limits.batchBytesMax, f.moveDx, f.moveDy, f.scrollDy)
define('click', wire.lengthDelimited, limits.batchBytesMax, f.click)
define('mark', wire.lengthDelimited, limits.batchBytesMax, f.mark)

/** Left for fields of later versions: 21, and 29 to 39. The server side's: 40 to 63. */
typeOf[21] = types.unknown
typeOf.fill(types.unknown, 29, 40)
typeOf.fill(types.server, 40, fieldNumberMax + 1)

varintBytesMaxOf[f.t0] = 8
