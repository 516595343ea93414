import type { StoredCommit } from '../store/live-store.ts'

type CommitListener = (partition: number, commit: StoredCommit) => void

/** Tells the followers in this process of every claim and commit, when it is durable and in the order of the chain. */
export class CommitFeed {
  private readonly listeners = new Set<CommitListener>()

  /** Whether anybody listens, so that nothing is kept for nobody. */
  get followed(): boolean {
    return this.listeners.size > 0
  }

  /** @returns ends the listening */
  listen(listener: CommitListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  publish(partition: number, commit: StoredCommit): void {
    for (const listener of this.listeners) listener(partition, commit)
  }
}
