import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '@sightline/engine/engine'
import type { Cursor } from '@sightline/engine/store/live-store'

/** What is known of one partition; times on performance.now(). */
interface Watched {
  next: number
  /** Of the owner who made the newest entry. */
  epoch: number
  /** When the owner of that epoch made its first commit; null = it has claimed and not committed yet. */
  committedMs: number | null
}

const pollMs = 50

/** Follows the store's commits from outside of all roles: who owns a partition, and how far it is. */
export class StoreWatch {
  readonly partitions: Watched[] = []
  private readonly engine: Engine
  private readonly stopping = new AbortController()
  private following: Promise<void> = Promise.resolve()

  private constructor(engine: Engine) {
    this.engine = engine
  }

  /** Waits until all partitions have state: a processor claims them when it joins. */
  static async begin(engine: Engine, msMax = 20_000): Promise<StoreWatch> {
    const watch = new StoreWatch(engine)
    const until = performance.now() + msMax
    const cursors = new Map<number, Cursor>()
    for (let partition = 0; partition < engine.log.partitions; partition++) {
      cursors.set(partition, await watch.load(partition, until))
    }
    watch.following = watch.follow(cursors)
    return watch
  }

  /** Epoch of every partition at present. */
  epochs(): number[] {
    return this.partitions.map(({ epoch }) => epoch)
  }

  /**
   * Resolves when every partition has a commit by an owner that came after these epochs, with the time of the last of
   * these first commits.
   */
  async takenOver(epochs: number[], msMax: number): Promise<number> {
    const until = performance.now() + msMax
    while (true) {
      const times = this.partitions.flatMap(({ epoch, committedMs }, i) =>
        epoch > epochs[i] && committedMs !== null ? [committedMs] : [],
      )
      if (times.length === this.partitions.length) return Math.max(...times)
      if (performance.now() > until) {
        throw new Error(`after ${msMax} ms only ${times.length} partitions are committed to by new owners`)
      }
      await sleep(pollMs)
    }
  }

  /** Resolves when everything that is in the log now is folded and committed. */
  async drained(msMax = 30_000): Promise<void> {
    const until = performance.now() + msMax
    for (const [partition, watched] of this.partitions.entries()) {
      const { end } = await this.engine.log.bounds(partition)
      while (watched.next < end) {
        if (performance.now() > until)
          throw new Error(`partition ${partition} is at ${watched.next} of ${end} after ${msMax} ms`)
        await sleep(pollMs)
      }
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.following
  }

  private async load(partition: number, until: number): Promise<Cursor> {
    while (true) {
      const snapshot = await this.engine.store.load(partition, () => false)
      if (snapshot !== null) {
        this.partitions[partition] = { ...snapshot.cursor, committedMs: null }
        return snapshot.cursor
      }
      if (performance.now() > until) throw new Error(`partition ${partition} has no state`)
      await sleep(pollMs)
    }
  }

  private follow(cursors: Map<number, Cursor>): Promise<void> {
    return this.engine.store.tail(
      cursors,
      {
        onCommit: (partition, { epoch, first, next }) => {
          const before = this.partitions[partition]
          const begun = before.epoch === epoch ? before.committedMs : null
          const committedMs = begun ?? (next > first ? performance.now() : null)
          Object.assign(before, { epoch, next, committedMs })
        },
        onBroken: (partition) => this.load(partition, Infinity),
      },
      this.stopping.signal,
    )
  }
}
