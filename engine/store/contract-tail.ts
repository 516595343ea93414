import { plainCommits } from './contract-commits.ts'
import type { Cursor, LiveStore, StoredCommit } from './live-store.ts'

/** Follows a store and keeps what it is told. */
export class TailRecorder {
  readonly commits: { partition: number; commit: StoredCommit }[] = []
  readonly broken: number[] = []
  onBroken: (partition: number) => Promise<Cursor | null> = async () => null
  onCommit: (partition: number, commit: StoredCommit) => void = () => {}
  private readonly controller = new AbortController()
  ended: Promise<void> = Promise.resolve()

  start(store: LiveStore, cursors: Map<number, Cursor>): this {
    this.ended = store.tail(
      cursors,
      {
        onCommit: (partition, commit) => {
          this.commits.push({ partition, commit })
          this.onCommit(partition, commit)
        },
        onBroken: (partition) => {
          this.broken.push(partition)
          return this.onBroken(partition)
        },
      },
      this.controller.signal,
    )
    // A test that expects the failure awaits `ended`; others fail on what they miss.
    this.ended.catch(() => {})
    return this
  }

  of(partition: number): string[] {
    return plainCommits(this.commits.filter((one) => one.partition === partition).map((one) => one.commit))
  }

  async stop(): Promise<void> {
    this.controller.abort()
    await this.ended
  }
}

/** Where a snapshot taken now would end. */
export async function cursorOf(store: LiveStore, partition: number): Promise<Cursor> {
  const snapshot = await store.load(partition, () => false)
  if (snapshot === null) throw new Error('the partition has no state')
  return snapshot.cursor
}
