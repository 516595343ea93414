import { limits } from '@sightline/protocol/limits'
import { ok, unreadable, type Step } from './step.ts'

/**
 * A gateway stamps each record with its clock. A record of another producer may have no time (-1), or one in other
 * units: no bucket could hold it.
 */
export const checkTime: Step = (owned, { timestampMs }) =>
  timestampMs >= 0 && timestampMs <= limits.recordMsMax ? ok : unreadable(owned, 'record-time')
