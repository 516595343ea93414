import { describe } from 'vitest'
import { appendRules } from './append.contract.ts'
import { backPressureRules } from './back-pressure.contract.ts'
import { consumeRules } from './consume.contract.ts'
import type { EventLog } from './event-log.ts'
import { groupRules } from './group.contract.ts'
import { positionRules } from './position.contract.ts'

/** Narrower pending limits than limits.ts, so that a test can reach them. */
export interface PendingBounds {
  pendingRecordsMax?: number
  pendingBytesMax?: number
}

/** One log of its own, empty at first, that a test can open, restart, look at from outside and hurt. */
export interface EventLogHarness {
  /** A handle on the log, as a process has it. */
  open(bounds?: PendingBounds): Promise<EventLog>
  /** Closes `log` and opens a new handle that has nothing but what is durable. */
  reopen(log: EventLog): Promise<EventLog>
  /** End offset of a partition as a stranger sees it, through a connection that knows nothing of the handles. */
  observedEnd(partition: number): Promise<number>
  /** Removes all records below `offset` from the log, as its retention does. */
  trim(partition: number, offset: number): Promise<void>
  /** Closes what is still open and removes the log. */
  destroy(): Promise<void>
}

/** What an implementation can't do, with the reason; everything else is the same for all. */
export interface EventLogTraits {
  /** Members of one group: `many`, or the reason why there can only be one. */
  members: 'many' | { oneBecause: string }
}

/** Creates a log of its own for one test. */
export type EventLogFactory = () => Promise<EventLogHarness>

/** All rules EL… of engine/SPEC.md. Every implementation of EventLog runs this suite whole. */
export function eventLogContract(name: string, factory: EventLogFactory, traits: EventLogTraits): void {
  describe(`event log: ${name}`, { timeout: 60_000 }, () => {
    describe('append', () => appendRules(factory))
    describe('consume', () => consumeRules(factory))
    describe('back-pressure and failure', () => backPressureRules(factory))
    describe('positions', () => positionRules(factory))
    describe('group', () => groupRules(factory, traits))
  })
}
