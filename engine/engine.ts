import type { DeadLetterQueue, EventLog } from './log/event-log.ts'
import type { Registry } from './registry/registry.ts'
import type { LiveStore } from './store/live-store.ts'

/** The three ports and the dead letters, of one engine. */
export interface Engine {
  readonly kind: 'embedded' | 'kafka'
  readonly log: EventLog
  readonly deadLetters: DeadLetterQueue
  readonly store: LiveStore
  readonly registry: Registry
  close(): Promise<void>
}
