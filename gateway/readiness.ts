import type { EventLog } from '@sightline/engine/log/event-log'
import { limits } from '@sightline/protocol/limits'
import type { Clock } from './clock.ts'

/**
 * Whether the log answers. Asked at most once per limits.readinessMsMax, however many ask here; a log that has not
 * answered after that time does not answer.
 */
export class Readiness {
  private answer: Promise<boolean> | null = null
  private askedMs = 0

  constructor(
    private readonly log: Pick<EventLog, 'bounds'>,
    private readonly clock: Clock,
  ) {}

  logAnswers(): Promise<boolean> {
    const nowMs = this.clock.monotonicMs()
    if (this.answer === null || nowMs - this.askedMs >= limits.readinessMsMax) {
      this.askedMs = nowMs
      this.answer = this.ask()
    }
    return this.answer
  }

  private async ask(): Promise<boolean> {
    const late = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => late.resolve(false), limits.readinessMsMax)
    // Why the log does not answer is the log's to report; here it only makes the gateway not ready.
    const answered = this.log.bounds(0).then(
      () => true,
      () => false,
    )
    const ready = await Promise.race([answered, late.promise])
    clearTimeout(timer)
    return ready
  }
}
