import type { DeadLetter, LogRecord } from '@sightline/engine/log/event-log'
import { limits } from '@sightline/protocol/limits'

/** Dead letters of the coming commit, bounded in number and bytes. */
export class DeadLetterDraft {
  private letters: DeadLetter[] = []
  private bytes = 0

  /** Commit before the next record. */
  get isFull(): boolean {
    return (
      this.letters.length >= limits.deadLettersPerCommitMax ||
      this.bytes >= limits.deadLetterBytesPerCommitMax
    )
  }

  /**
   * Keeps a copy of a record: its buffers are the reader's own again once it is folded. Of a record that is larger than
   * anything that we write only the beginning is kept, so that the letter itself can always be stored.
   */
  add(partition: number, record: LogRecord, reason: string): void {
    const { offset, timestampMs } = record
    const key = record.key.slice(0, limits.deadLetterKeyBytesMax)
    const value = record.value.slice(0, limits.deadLetterBytesMax)
    this.letters.push({ partition, offset, reason, timestampMs: Math.max(0, timestampMs), key, value })
    this.bytes += key.length + value.length
  }

  /** The letters so far; the draft is empty afterwards. */
  take(): DeadLetter[] {
    const { letters } = this
    this.letters = []
    this.bytes = 0
    return letters
  }
}
