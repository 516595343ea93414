/**
 * A gateway that acknowledges before the log has the record: the fault that "acknowledge only what is durable" rules
 * out. Killed, it takes with it what it had promised.
 */
import type { EventLog } from '@sightline/engine/log/event-log'
import { runFaultyRole } from './faulty-role.ts'

/** How long an acknowledged record stays in memory alone, ms. */
const lateMs = 1_500

function settleAtOnce(log: EventLog): EventLog {
  return {
    partitions: log.partitions,
    identity: () => log.identity(),
    bounds: (partition) => log.bounds(partition),
    consume: (options) => log.consume(options),
    pending: () => log.pending(),
    close: () => log.close(),
    append(partition, key, value, timestampMs, settle) {
      // Once settled, the caller's buffers are its own again.
      const [keptKey, keptValue] = [key.slice(), value.slice()]
      queueMicrotask(() => settle(null, -1))
      setTimeout(() => log.append(partition, keptKey, keptValue, timestampMs, () => {}), lateMs)
      return true
    },
  }
}

await runFaultyRole(({ log }) => ({ log: settleAtOnce(log) }))
