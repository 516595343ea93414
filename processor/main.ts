import 'reflect-metadata'
import { randomBytes } from 'node:crypto'
import os from 'node:os'
import { NestFactory } from '@nestjs/core'
import type { Engine } from '@sightline/engine/engine'
import type { Logger } from 'pino'
import { Processor } from './processor.ts'
import { ProcessorModule } from './processor.module.ts'

export interface ProcessorOptions {
  engine: Engine
  logger: Logger
  /** ms of silence after which the group gives this process's partitions to another. */
  sessionTimeoutMs: number
  /** Consumer group; all processors of one installation share it. */
  group?: string
}

export interface RunningProcessor {
  /** Rejects when the processor can't go on. */
  readonly ended: Promise<void>
  /** Drains: what was read is committed. */
  close(): Promise<void>
}

/** Starts a processor: joins the group and folds what it is assigned. */
export async function startProcessor(options: ProcessorOptions): Promise<RunningProcessor> {
  const processor = new Processor({
    engine: options.engine,
    logger: options.logger,
    sessionTimeoutMs: options.sessionTimeoutMs,
    group: options.group ?? 'sightline-processor',
    name: `${os.hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`,
    now: () => performance.now(),
    epochMs: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    busy: busyShare(),
  })
  const app = await NestFactory.createApplicationContext(ProcessorModule.with(processor), {
    abortOnError: false,
    logger: false,
  })
  return { ended: processor.ended, close: () => app.close() }
}

/** Tells the share of the time since the call before in which the event loop had work. */
function busyShare(): () => number {
  let before = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    return utilization
  }
}
