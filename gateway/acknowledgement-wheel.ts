import { limits } from '@sightline/protocol/limits'

/** A connection that has something to do in a second: to acknowledge, or to end. */
export interface Waiting {
  /** True while the connection is in the wheel. */
  inWheel: boolean
  /** Its time has come. It may enter the wheel again at once. */
  onTurn(): void
}

/**
 * One timer for all connections: one with news waits limits.ackIntervalMs in a slot of the wheel, which the gateway
 * turns on each tick. A connection is in it at most once.
 */
export class AcknowledgementWheel {
  private readonly slots: Waiting[][]
  private at = 0

  /** `tickMs`: how often turn() is called. */
  constructor(tickMs: number) {
    const count = Math.max(1, Math.round(limits.ackIntervalMs / tickMs))
    this.slots = Array.from({ length: count }, () => [])
  }

  add(connection: Waiting): void {
    if (connection.inWheel) return
    connection.inWheel = true
    this.slots[this.at].push(connection)
  }

  /** Moves on by one slot: those who have waited a whole turn are called. */
  turn(): void {
    this.at = (this.at + 1) % this.slots.length
    const due = this.slots[this.at]
    this.slots[this.at] = []
    for (const connection of due) {
      connection.inWheel = false
      connection.onTurn()
    }
  }
}
