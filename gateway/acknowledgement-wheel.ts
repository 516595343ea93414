import { limits } from '@sightline/protocol/limits'

/** A connection that may have something to acknowledge. */
export interface Acknowledging {
  /** True while the connection is in the wheel. */
  acknowledgementDue: boolean
  /** Sends `settled` if there is something new. */
  acknowledge(): void
}

/**
 * One timer for all acknowledgements: a connection with news waits limits.ackIntervalMs in a slot of the wheel, which
 * the gateway turns on each tick. A connection is in it at most once.
 */
export class AcknowledgementWheel {
  private readonly slots: Acknowledging[][]
  private at = 0

  /** `tickMs`: how often turn() is called. */
  constructor(tickMs: number) {
    const count = Math.max(1, Math.round(limits.ackIntervalMs / tickMs))
    this.slots = Array.from({ length: count }, () => [])
  }

  add(connection: Acknowledging): void {
    if (connection.acknowledgementDue) return
    connection.acknowledgementDue = true
    this.slots[this.at].push(connection)
  }

  /** Moves on by one slot and lets those acknowledge who have waited a whole turn. */
  turn(): void {
    this.at = (this.at + 1) % this.slots.length
    const due = this.slots[this.at]
    this.slots[this.at] = []
    for (const connection of due) {
      connection.acknowledgementDue = false
      connection.acknowledge()
    }
  }
}
