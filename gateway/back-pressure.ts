import type { EventLog } from '@sightline/engine/log/event-log'
import type { GatewayCounters } from './gateway-counters.ts'

/** Something whose reading can be paused. */
export interface Pausable {
  pauseReading(): void
  resumeReading(): void
}

/** Share of the log's limits at which reading is paused, and at which it goes on. */
const pauseAt = 0.5
const resumeAt = 0.25
/** Calls of note() between two looks at the log. */
const callsPerLook = 256

/**
 * Carries the log's back-pressure to the sockets. While more than half of the log's limit is pending, each connection
 * that sends is paused at its next frame; all go on when less than a quarter is left. So the limit itself, at which
 * frames are refused, is met only when the log fills within one read of every socket.
 */
export class BackPressure {
  private readonly paused = new Set<Pausable>()
  private over = false
  private callsLeft = callsPerLook

  constructor(
    private readonly log: Pick<EventLog, 'pending'>,
    private readonly recordsMax: number,
    private readonly bytesMax: number,
    private readonly counters: GatewayCounters,
  ) {}

  /** Called for each frame and each settled record: looks at the log now and then. True while reading is paused. */
  note(): boolean {
    if (--this.callsLeft <= 0) this.look()
    return this.over
  }

  /** Pauses one connection until the log has room. */
  hold(connection: Pausable): void {
    if (this.paused.has(connection)) return
    this.paused.add(connection)
    this.counters.socketsPaused++
    connection.pauseReading()
  }

  /** Forgets a connection that is closed. */
  release(connection: Pausable): void {
    this.paused.delete(connection)
  }

  /** True for a connection that is paused. */
  holds(connection: Pausable): boolean {
    return this.paused.has(connection)
  }

  /** Looks at the log now; also called on each tick, so that a quiet gateway goes on too. */
  look(): void {
    this.callsLeft = callsPerLook
    const filled = this.filled()
    if (!this.over && filled > pauseAt) {
      this.over = true
      this.counters.pauses++
    } else if (this.over && filled < resumeAt) {
      this.over = false
      this.resumeAll()
    }
  }

  /** Share of the log's limits in use, 0 to about 1. */
  filled(): number {
    const { records, bytes } = this.log.pending()
    return Math.max(records / this.recordsMax, bytes / this.bytesMax)
  }

  private resumeAll(): void {
    const connections = [...this.paused]
    this.paused.clear()
    for (const connection of connections) connection.resumeReading()
  }
}
