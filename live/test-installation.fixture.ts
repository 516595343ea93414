import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Writable } from 'node:stream'
import { OnePartition } from '@sightline/aggregates/one-partition.fixture'
import { sessionBytes, type PlainRecord } from '@sightline/aggregates/random-traffic.fixture'
import { createEngine } from '@sightline/engine/create-engine'
import type { Engine } from '@sightline/engine/engine'
import { partitionOf } from '@sightline/engine/log/event-log'
import { limits } from '@sightline/protocol/limits'
import { pino, type Logger } from 'pino'
import type { Clock } from './clock.ts'
import { startLive, type LiveOptions, type RunningLive } from './main.ts'
import { StoreFollower } from './store-follower.ts'

/** Clocks that a test sets. */
export class TestClock implements Clock {
  nowMs: number
  ms = 10_000

  constructor(nowMs = Date.now()) {
    this.nowMs = nowMs
  }

  now(): number {
    return this.nowMs
  }

  monotonicMs(): number {
    return this.ms
  }

  pass(ms: number): void {
    this.nowMs += ms
    this.ms += ms
  }
}

/** A partition's owner without a log before it: folds records and commits them to the real store. */
class TestOwner {
  readonly one = new OnePartition()
  readonly epoch: number

  constructor(epoch: number) {
    this.epoch = epoch
  }
}

/** A real embedded engine with two sites, owners that fold into it, and live servers on it. */
export class TestInstallation {
  readonly engine: Engine
  readonly directory: string
  /** Lines of the live servers' log. */
  readonly lines: { level: number; msg: string; [field: string]: unknown }[] = []
  private readonly owners = new Map<number, TestOwner>()
  private readonly closing: (() => Promise<void>)[] = []

  private constructor(directory: string, engine: Engine) {
    this.directory = directory
    this.engine = engine
  }

  static async open(): Promise<TestInstallation> {
    const directory = await mkdtemp(join(tmpdir(), 'sightline-live-'))
    const engine = await createEngine({ kind: 'embedded', directory })
    for (const id of [1, 2]) {
      const writeKey = `${id}-abcdefghijklmnop`
      await engine.registry.putSite({ id, name: `Site ${id}`, writeKey, origins: ['*'], timeZone: 'UTC' })
    }
    const dashboard = join(directory, 'dashboard')
    await mkdir(join(dashboard, 'assets'), { recursive: true })
    await writeFile(join(dashboard, 'index.html'), '<!doctype html><title>Dashboard</title>')
    await writeFile(join(dashboard, 'assets', 'main-1234.js'), 'export {}')
    return new TestInstallation(directory, engine)
  }

  /** Folds records into the partitions of their sessions, with a commit per partition and `perCommit` records. */
  async fold(records: readonly PlainRecord[], perCommit = Infinity): Promise<void> {
    const byPartition = Map.groupBy(records, ({ session }) =>
      partitionOf(sessionBytes(session), 0, limits.sessionBytes, limits.logPartitions),
    )
    for (const [partition, some] of byPartition) await this.foldInto(partition, some, perCommit)
  }

  async foldInto(partition: number, records: readonly PlainRecord[], perCommit = Infinity): Promise<void> {
    const owner = await this.owner(partition)
    for (let from = 0; from < records.length; from += perCommit) {
      for (const record of records.slice(from, from + perCommit)) owner.one.fold(record)
      const { first, next, delta, privatePart } = owner.one.commit()
      const commit = { first, next, publicDelta: delta, privatePart, floor: 0 }
      const outcome = await this.engine.store.commit(partition, owner.epoch, commit)
      if (outcome !== 'ok') throw new Error(`the commit was answered with ${outcome}`)
    }
  }

  /** Writes everything as blobs, as owners do every few seconds. */
  async checkpoint(): Promise<void> {
    for (const [partition, { one, epoch }] of this.owners) {
      for (const part of [one.memory, one.state]) {
        const blobs = part.dirtyBlobs(Infinity)
        if (blobs.length === 0) continue
        await this.engine.store.put(partition, epoch, blobs)
        part.markClean(blobs)
      }
    }
  }

  /** Claims a partition, as its owner does before the first commit. */
  async owner(partition: number): Promise<TestOwner> {
    let owner = this.owners.get(partition)
    if (owner === undefined) {
      const claim = await this.engine.store.claim(partition, 'owner', await this.engine.log.identity(), 0)
      if (claim.outcome !== 'ok') throw new Error(`the claim was answered with ${claim.outcome}`)
      this.owners.set(partition, (owner = new TestOwner(claim.epoch)))
    }
    return owner
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

  logger(): Logger {
    const write = (chunk: Buffer, _encoding: string, done: () => void) => {
      this.lines.push(JSON.parse(chunk.toString()))
      done()
    }
    return pino({ level: 'warn' }, new Writable({ write }))
  }

  async startFollower(clock: Clock = new TestClock()): Promise<StoreFollower> {
    const { store, log } = this.engine
    const warn = (msg: string) => void this.lines.push({ level: 40, msg })
    const follower = new StoreFollower({ store, partitions: log.partitions, clock, warn })
    await follower.start()
    this.closing.push(() => follower.stop())
    return follower
  }

  async startLive(options: Partial<LiveOptions> = {}): Promise<RunningLive> {
    const live = await startLive({
      host: '127.0.0.1',
      port: 0,
      adminToken: '',
      gatewayUrl: 'http://127.0.0.1:7071',
      dashboardFolder: join(this.directory, 'dashboard'),
      engine: this.engine,
      logger: this.logger(),
      ...options,
    })
    this.closing.push(() => live.close())
    return live
  }

  async destroy(): Promise<void> {
    for (const close of this.closing.splice(0).reverse()) await close()
    await this.engine.close()
    await rm(this.directory, { recursive: true, force: true })
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
