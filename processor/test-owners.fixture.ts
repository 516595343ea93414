import type { LogRecord } from '@sightline/engine/log/event-log'
import { siteLedger } from '@sightline/aggregates/queries/site-ledger'
import { randomTraffic, type PlainRecord } from '@sightline/aggregates/random-traffic.fixture'
import { PartitionOwner, type OwnerDependencies } from './partition-owner.ts'
import { takeOver } from './take-over.ts'
import { TemporaryEngine } from './temporary-engine.fixture.ts'

/** The one partition that is owned in these tests. */
export const partition = 5

/** Owners of one partition of a real engine, with no group and no log before them. */
export class TestOwners {
  readonly files: TemporaryEngine
  private readonly owners: PartitionOwner[] = []

  private constructor(files: TemporaryEngine) {
    this.files = files
  }

  static async open(): Promise<TestOwners> {
    return new TestOwners(await TemporaryEngine.open())
  }

  async own(dependencies: Partial<OwnerDependencies> = {}, name = 'owner-a'): Promise<PartitionOwner> {
    const { engine } = this.files
    const { owned } = await takeOver(engine, partition, name, performance.now())
    const owner = new PartitionOwner(owned, {
      store: engine.store,
      deadLetters: engine.deadLetters,
      now: () => performance.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      commitIntervalMs: () => 1,
      checkpointIntervalMs: 60_000,
      warn: () => {},
      ...dependencies,
    })
    this.owners.push(owner)
    return owner
  }

  /** Events counted for all sites, as the store has them. */
  async counted(): Promise<number> {
    const states = [await this.files.storedState(partition)]
    return siteLedger(states, 1).counted + siteLedger(states, 2).counted
  }

  async destroy(): Promise<void> {
    for (const owner of this.owners) owner.abandon()
    await this.files.destroy()
  }
}

/** Batches as the log hands them over, at offsets from `from` on. */
export function asRecords(values: readonly { bytes: Uint8Array; recordMs: number }[], from = 0): LogRecord[] {
  return values.map(({ bytes, recordMs }, i) => ({
    offset: from + i,
    timestampMs: recordMs,
    key: bytes.slice(3, 19),
    value: bytes,
  }))
}

/** Traffic in which every record is new, so that counts can be added up. */
export function newTraffic(seed: number, records: number): PlainRecord[] {
  return randomTraffic({ seed, records, copies: 0, losses: 0, delays: 0 })
}

/** Events that the records really carry. */
export function eventsOf(records: readonly PlainRecord[]): number {
  return records.reduce((sum, { n, unknown }) => sum + n - unknown, 0)
}
