import type { EventLog } from '@sightline/engine/log/event-log'
import type { DurationHistogram } from '@sightline/engine/registry/duration-histogram'
import type { Site } from '@sightline/engine/registry/registry'
import type { AcknowledgementWheel } from './acknowledgement-wheel.ts'
import type { BackPressure } from './back-pressure.ts'
import type { BatchAdmission } from './batch-admission.ts'
import type { Clock } from './clock.ts'
import type { GatewayConfig } from './gateway-config.ts'
import type { GatewayCounters } from './gateway-counters.ts'
import type { ValueBlocks } from './value-blocks.ts'

/** What all connections of a gateway use together. */
export interface ConnectionServices {
  readonly log: EventLog
  readonly admission: BatchAdmission
  readonly values: ValueBlocks
  readonly acknowledgements: AcknowledgementWheel
  readonly backPressure: BackPressure
  readonly latency: DurationHistogram
  readonly counters: GatewayCounters
  readonly clock: Clock
  readonly config: GatewayConfig
  /** [0, 1) */
  readonly random: () => number
  /** The site still has the write key with which it was entered. */
  isCurrent(site: Site): boolean
}
