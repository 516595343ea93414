import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { createEngine } from '@sightline/engine/create-engine'
import type { Engine } from '@sightline/engine/engine'
import type { LogRecord } from '@sightline/engine/log/event-log'
import type { Site } from '@sightline/engine/registry/registry'
import { GatedLog } from './gated-log.ts'
import { type Gateway, type GatewayOptions, startGateway } from './main.ts'

export const shop: Site = {
  id: 1,
  name: 'Shop',
  writeKey: '1-abcdefghijklmnop',
  origins: ['https://shop.example'],
  timeZone: 'UTC',
}

export const blog: Site = {
  id: 2,
  name: 'Blog',
  writeKey: '2-abcdefghijklmnop',
  origins: ['*'],
  timeZone: 'UTC',
}

/** A gateway with two sites, for one test. */
export class TestGateway {
  private constructor(
    readonly gateway: Gateway,
    readonly engine: Engine,
    readonly log: GatedLog,
    /** Lines of the gateway's log. */
    readonly lines: string[],
    /** Gives back what was opened for the gateway. */
    private readonly release: () => Promise<void>,
  ) {}

  /** On the embedded engine in a temporary folder. */
  static async start(options: Partial<GatewayOptions> = {}): Promise<TestGateway> {
    const directory = await mkdtemp(join(tmpdir(), 'sightline-gateway-'))
    const engine = await createEngine({ kind: 'embedded', directory })
    return TestGateway.on(engine, options, async () => {
      await engine.close()
      await rm(directory, { recursive: true })
    })
  }

  /** On an engine that others use too. `release` is called when the gateway has stopped. */
  static async on(
    engine: Engine,
    options: Partial<GatewayOptions> = {},
    release: () => Promise<void> = async () => {},
  ): Promise<TestGateway> {
    await engine.registry.putSite(shop)
    await engine.registry.putSite(blog)
    const log = new GatedLog(engine.log)
    const lines: string[] = []
    const gateway = await startGateway({
      host: '127.0.0.1',
      port: 0,
      engine: { log, registry: engine.registry },
      logger: loggerInto(lines),
      ...options,
    })
    return new TestGateway(gateway, engine, log, lines, release)
  }

  get webSocketUrl(): string {
    return `${this.gateway.url.replace('http', 'ws')}/ingest`
  }

  /** All records in the log, in the order of their offsets within each partition. */
  async records(): Promise<(LogRecord & { partition: number })[]> {
    const { log } = this.engine
    const wanted = new Map<number, number>()
    for (let partition = 0; partition < log.partitions; partition++) {
      const { end } = await log.bounds(partition)
      if (end > 0) wanted.set(partition, end)
    }
    const records: (LogRecord & { partition: number })[] = []
    const done = Promise.withResolvers<void>()
    if (wanted.size === 0) return records
    const consumption = await log.consume({
      group: 'test',
      member: 'test',
      onAssign: async (partitions) => new Map(partitions.map((partition) => [partition, 0])),
      onRevoke: async () => {},
      onOutOfRange: async () => undefined,
      onRecords: (partition, batch) => {
        for (const { offset, timestampMs, key, value } of batch) {
          records.push({ partition, offset, timestampMs, key: key.slice(), value: value.slice() })
          if (offset + 1 >= wanted.get(partition)!) wanted.delete(partition)
        }
        if (wanted.size === 0) done.resolve()
        return undefined
      },
    })
    await done.promise
    await consumption.stop()
    return records
  }

  async stop(): Promise<void> {
    this.log.release()
    await this.gateway.close()
    await this.release()
  }
}

/** A logger that keeps its lines. */
export function loggerInto(lines: string[]) {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString())
      done()
    },
  })
  return pino({ level: 'trace' }, stream)
}
