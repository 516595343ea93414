import type { DatabaseTables } from './database-tables.ts'
import type { GroupCommit } from './group-commit.ts'

/** ms between two steps when there is nothing more to delete, and when there is. */
const idleMs = 1_000
const busyMs = 50

/**
 * Deletes what is past its time: rows of the log that every state has passed and that are older than the retention,
 * and expired blobs. A little at a time, so that writers never wait for long.
 */
export class Upkeep {
  private timer: NodeJS.Timeout
  private readonly tables: DatabaseTables
  private readonly groups: GroupCommit
  private readonly logRetentionMs: number
  private readonly now: () => number
  private readonly onFailure: (error: unknown) => void

  constructor(
    tables: DatabaseTables,
    groups: GroupCommit,
    logRetentionMs: number,
    now: () => number,
    onFailure: (error: unknown) => void,
  ) {
    this.tables = tables
    this.groups = groups
    this.logRetentionMs = logRetentionMs
    this.now = now
    this.onFailure = onFailure
    this.timer = setTimeout(() => this.run(), idleMs)
  }

  stop(): void {
    clearTimeout(this.timer)
  }

  private run(): void {
    let more = false
    try {
      this.groups.transaction(() => {
        more = this.step()
      })
    } catch (error) {
      // Nothing is lost when old rows stay for another second.
      this.onFailure(error)
    }
    this.timer = setTimeout(() => this.run(), more ? busyMs : idleMs)
  }

  private step(): boolean {
    const nowMs = this.now()
    let more = this.tables.blobs.expire(nowMs)
    for (const { partition, floor } of this.tables.commits.floors()) {
      if (this.tables.log.retain(partition, floor, nowMs - this.logRetentionMs)) more = true
    }
    return more
  }
}
