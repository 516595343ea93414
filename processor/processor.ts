import { setTimeout as pause } from 'node:timers/promises'
import type { Engine } from '@sightline/engine/engine'
import type { Consumption } from '@sightline/engine/log/event-log'
import { DurationHistogram } from '@sightline/engine/registry/duration-histogram'
import { limits } from '@sightline/protocol/limits'
import type { Logger } from 'pino'
import { commitPace } from './commit-pace.ts'
import type { CommitFigures } from './partition-owner.ts'
import { PartitionGroup } from './partition-group.ts'

export interface ProcessorDependencies {
  engine: Engine
  logger: Logger
  group: string
  /** Unique per process. */
  name: string
  sessionTimeoutMs: number
  /** Monotonic ms. */
  now(): number
  /** ms since the epoch. */
  epochMs(): number
  sleep(ms: number): Promise<void>
  /** Share of the time since the last call in which this process's thread was busy, 0 to 1. */
  busy(): number
}

const abandonMsMax = 1_000

/** Folds the partitions that the group assigns to this process, and reports how it is doing. */
export class Processor {
  /** Rejects when the processor can't go on; resolves after stop(). */
  readonly ended: Promise<void>
  private readonly dependencies: ProcessorDependencies
  private readonly group: PartitionGroup
  private readonly log = new DurationHistogram()
  private readonly waits = new DurationHistogram()
  private readonly commits = new DurationHistogram()
  private records = 0
  private deadLetters = 0
  private skippedRecords = 0
  private reportedMs: number
  private busy = 0
  private consumption: Consumption | null = null
  private timers: NodeJS.Timeout[] = []
  private stopping = false
  private failed = false
  private end!: { resolve(): void; reject(error: unknown): void }

  constructor(dependencies: ProcessorDependencies) {
    this.dependencies = dependencies
    const { engine, logger, name, now, sleep } = dependencies
    this.reportedMs = now()
    this.ended = new Promise((resolve, reject) => (this.end = { resolve, reject }))
    this.ended.catch(() => {})
    this.group = new PartitionGroup(
      engine,
      name,
      {
        store: engine.store,
        deadLetters: engine.deadLetters,
        now,
        sleep,
        commitIntervalMs: () => commitPace(engine.registry.watched().size > 0, this.busy),
        checkpointIntervalMs: limits.checkpointIntervalMs,
        warn: (line) => logger.warn(line),
        onCommit: (figures) => this.onCommit(figures),
      },
      {
        created: (partition, start) => {
          if (start > 0)
            logger.warn({ partition, start }, 'partition had no state; records before its start are gone')
        },
        lost: (partition, outcome) => logger.warn({ partition, outcome }, 'partition is taken over anew'),
        received: (newestMs) => this.log.add(Math.max(0, this.dependencies.epochMs() - newestMs)),
        skipped: (partition, records) => {
          this.skippedRecords += records
          logger.error({ partition, records }, 'records left the log before they were folded')
        },
        failed: (error) => this.fail(error),
      },
    )
  }

  /** Partitions that are claimed and folded here at present. */
  get ownedPartitions(): number {
    return this.group.positions().size
  }

  async start(): Promise<void> {
    this.consumption = await this.group.join(this.dependencies.group, this.dependencies.sessionTimeoutMs)
    this.consumption.ended.then(this.end.resolve, (error: unknown) => this.fail(error))
    this.timers = [
      setInterval(() => void this.report().catch(() => {}), limits.reportMs),
      setInterval(
        () => void this.consumption?.recordPosition(this.group.positions()).catch(() => {}),
        limits.positionMs,
      ),
    ]
  }

  /**
   * Drains and leaves the group. A store that does not answer is not waited for beyond `releaseMsMax`: what is not
   * committed is still in the log.
   */
  async stop(): Promise<void> {
    this.stopping = true
    for (const timer of this.timers) clearInterval(timer)
    if (this.consumption === null) return
    const stopped = this.consumption.stop().then(() => true)
    const late = (ms: number) => pause(ms, false, { ref: false })
    if (await Promise.race([stopped, late(limits.releaseMsMax)])) return
    this.dependencies.logger.warn(
      'the store does not take what was folded; it will be read again from the log',
    )
    this.group.abandon()
    await Promise.race([stopped, late(abandonMsMax)])
  }

  private fail(error: unknown): void {
    if (this.failed || this.stopping) return
    this.failed = true
    this.dependencies.logger.fatal({ err: error }, 'the processor can’t go on')
    this.end.reject(error)
  }

  private onCommit(figures: CommitFigures): void {
    this.records += figures.records
    this.deadLetters += figures.deadLetters
    this.waits.add(figures.waitedMs)
    this.commits.add(figures.commitMs)
  }

  /** Presence, never truth: a report that fails is made up for by the next one. */
  private async report(): Promise<void> {
    const { engine, name, now, epochMs } = this.dependencies
    const seconds = (now() - this.reportedMs) / 1_000
    const figures = {
      logP50Ms: this.log.quantileMs(0.5),
      logP99Ms: this.log.quantileMs(0.99),
      waitP50Ms: this.waits.quantileMs(0.5),
      waitP99Ms: this.waits.quantileMs(0.99),
      commitP50Ms: this.commits.quantileMs(0.5),
      commitP99Ms: this.commits.quantileMs(0.99),
      recordsPerSecond: this.records / seconds,
      deadLetters: this.deadLetters,
      skippedRecords: this.skippedRecords,
      partitions: this.ownedPartitions,
    }
    this.busy = this.dependencies.busy()
    this.reportedMs = now()
    this.records = 0
    this.log.clear()
    this.waits.clear()
    this.commits.clear()
    await engine.registry.report({ stage: 'processor', instance: name, atMs: epochMs(), figures })
  }
}
