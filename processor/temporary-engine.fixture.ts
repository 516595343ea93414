import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { PlainRecord } from '@sightline/aggregates/random-traffic.fixture'
import { closedBucket } from '@sightline/aggregates/holding'
import { PartitionState } from '@sightline/aggregates/partition-state'
import { createEngine } from '@sightline/engine/create-engine'
import type { Engine } from '@sightline/engine/engine'
import type { LiveStore } from '@sightline/engine/store/live-store'

/** A real embedded engine in a folder of its own, with tools for looking at it and hurting it. */
export class TemporaryEngine {
  engine: Engine
  readonly directory: string

  private constructor(directory: string, engine: Engine) {
    this.directory = directory
    this.engine = engine
  }

  static async open(): Promise<TemporaryEngine> {
    const directory = await mkdtemp(join(tmpdir(), 'sightline-processor-'))
    return new TemporaryEngine(directory, await createEngine({ kind: 'embedded', directory }))
  }

  /** Closes and opens it again: what another process would find. */
  async reopen(): Promise<void> {
    await this.engine.close()
    this.engine = await createEngine({ kind: 'embedded', directory: this.directory })
  }

  async destroy(): Promise<void> {
    await this.engine.close()
    await rm(this.directory, { recursive: true, force: true })
  }

  /** Runs one statement beside the engine, as a person with `sqlite3` does. */
  sql(statement: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    const connection = new DatabaseSync(join(this.directory, 'sightline.sqlite'), { timeout: 5_000 })
    try {
      return connection.prepare(statement).all(...values)
    } finally {
      connection.close()
    }
  }

  /** Appends one record; resolves when it is durable. */
  append(partition: number, value: Uint8Array, timestampMs: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const taken = this.engine.log.append(
        partition,
        value.subarray(0, 8),
        value,
        timestampMs,
        (error, offset) => (error === null ? resolve(offset) : reject(error)),
      )
      if (!taken) reject(new Error('the log did not take the record'))
    })
  }

  /** Appends records in their order to the partitions that `partitionOf` names. */
  async appendAll(
    records: readonly PlainRecord[],
    partitionOf: (record: PlainRecord) => number,
  ): Promise<void> {
    await Promise.all(
      records.map((record) => this.append(partitionOf(record), record.bytes, record.recordMs)),
    )
  }

  /** Resolves when everything in the log is committed. */
  async drained(limitMs = 15_000): Promise<void> {
    for (let partition = 0; partition < this.engine.log.partitions; partition++) {
      await until(
        `partition ${partition} is committed to its end`,
        async () => {
          const { end } = await this.engine.log.bounds(partition)
          const snapshot = await this.engine.store.load(partition, () => false)
          return (snapshot?.cursor.next ?? 0) === end
        },
        limitMs,
      )
    }
  }

  /** The state of a partition as the store has it. */
  async storedState(partition: number): Promise<PartitionState> {
    const { store } = this.engine
    const [closed] = await store.readBlobs(partition, closedBucket)
    const state = PartitionState.forOwner(closed?.bytes ? { ...closed, bytes: closed.bytes } : null)
    const snapshot = await store.load(partition, state.wants)
    for (const blob of snapshot?.blobs ?? [])
      if (blob.bytes !== null) state.loadBlob({ ...blob, bytes: blob.bytes })
    for (const { publicDelta, first, next } of snapshot?.commits ?? []) state.apply(publicDelta, first, next)
    return state
  }

  storedStates(): Promise<PartitionState[]> {
    return Promise.all(
      Array.from({ length: this.engine.log.partitions }, (_, partition) => this.storedState(partition)),
    )
  }

  /** Takes a partition away from its owner, as another process does by claiming it. */
  async fence(partition: number): Promise<void> {
    const { log, store } = this.engine
    const claim = await store.claim(partition, 'a stranger', await log.identity(), null)
    if (claim.outcome !== 'ok') throw new Error(`the stranger's claim was refused: ${claim.outcome}`)
  }
}

/** The engine with some calls to its store replaced; all others reach the real one. */
export function withStore(engine: Engine, members: (store: LiveStore) => Partial<LiveStore>): Engine {
  const { kind, log, deadLetters, store, registry } = engine
  const real: LiveStore = {
    claim: store.claim.bind(store),
    commit: store.commit.bind(store),
    put: store.put.bind(store),
    load: store.load.bind(store),
    tail: store.tail.bind(store),
    readBlobs: store.readBlobs.bind(store),
    close: store.close.bind(store),
  }
  return {
    kind,
    log,
    deadLetters,
    registry,
    close: () => engine.close(),
    store: { ...real, ...members(real) },
  }
}

/** Resolves as soon as `reached` answers true; rejects, naming `what`, after `limitMs`. */
export async function until(
  what: string,
  reached: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await reached())) {
    if (performance.now() > deadline) throw new Error(`after ${limitMs} ms still not: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
