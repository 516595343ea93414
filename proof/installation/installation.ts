import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { createEngine } from '@sightline/engine/create-engine'
import type { Engine } from '@sightline/engine/engine'
import type { Ledger } from '@sightline/protocol/live-frames'
import { freePort } from '../../toolchain/free-port.mjs'
import { RoleProcess } from './role-process.ts'

export type EngineChoice = { kind: 'embedded' } | { kind: 'kafka'; brokers: string; redisUrl: string }

export interface Shape {
  gateways?: number
  processors?: number
  lives?: number
  /** Program in place of the CLI for a role: the negative controls. */
  programs?: Partial<Record<'gateway' | 'processor' | 'up', string>>
  /** Environment of all roles. */
  environment?: Record<string, string>
  sessionTimeoutMs?: number
}

interface SiteAnswer {
  id: number
  writeKey: string
  origins: string[]
}

interface StageAnswer {
  stage: string
  instance: string
  figures: Record<string, number>
}

/** A whole Sightline of real processes on loopback, with names of its own on shared servers. */
export class Installation {
  readonly gateways: RoleProcess[] = []
  readonly processors: RoleProcess[] = []
  readonly lives: RoleProcess[] = []
  readonly gatewayUrls: string[] = []
  readonly liveUrls: string[] = []
  /** The embedded engine's one process. */
  readonly up: RoleProcess[] = []
  readonly topic = `t${randomBytes(6).toString('hex')}.interactions`
  readonly flags: string[] = []
  directory = ''
  private readonly engine: EngineChoice
  private readonly environment: Record<string, string>

  private constructor(engine: EngineChoice, environment: Record<string, string>) {
    this.engine = engine
    this.environment = environment
  }

  static async start(engine: EngineChoice, shape: Shape = {}): Promise<Installation> {
    const installation = new Installation(engine, shape.environment ?? {})
    installation.directory = await mkdtemp(path.join(os.tmpdir(), 'sightline-proof-'))
    try {
      if (engine.kind === 'embedded') await installation.startEmbedded(shape)
      else await installation.startRoles(engine, shape)
    } catch (error) {
      await installation.stop()
      throw error
    }
    return installation
  }

  private async startEmbedded(shape: Shape): Promise<void> {
    const [gateway, live] = [await freePort(), await freePort()]
    this.flags.push('--engine', 'embedded', '--data', this.directory)
    const args = ['up', ...this.flags, '--gateway-port', String(gateway), '--live-port', String(live)]
    this.gatewayUrls.push(`http://127.0.0.1:${gateway}`)
    this.liveUrls.push(`http://127.0.0.1:${live}`)
    this.up.push(await this.role('up', args, shape.programs?.up).start())
  }

  private async startRoles(engine: Extract<EngineChoice, { kind: 'kafka' }>, shape: Shape): Promise<void> {
    this.flags.push('--engine', 'kafka', '--kafka-brokers', engine.brokers, '--redis-url', engine.redisUrl)
    this.flags.push('--kafka-topic', this.topic, '--redis-prefix', `${this.topic}:`)
    this.flags.push('--kafka-session-timeout-ms', String(shape.sessionTimeoutMs ?? 6_000))
    // The first one alone: it creates the topics and the site. The others then need not wait for each other.
    await this.startGateway(shape, 0)
    const others: Promise<void>[] = []
    for (let i = 1; i < (shape.gateways ?? 1); i++) others.push(this.startGateway(shape, i))
    for (let i = 0; i < (shape.processors ?? 1); i++)
      others.push(this.startProcessor(shape.programs?.processor))
    for (let i = 0; i < (shape.lives ?? 1); i++) others.push(this.startLive(i))
    const failed = (await Promise.allSettled(others)).find((one) => one.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  private async startGateway(shape: Shape, index: number): Promise<void> {
    const port = await freePort()
    this.gatewayUrls[index] = `http://127.0.0.1:${port}`
    const args = ['gateway', ...this.flags, '--gateway-port', String(port)]
    this.gateways[index] = this.role(`gateway ${index + 1}`, args, shape.programs?.gateway)
    await this.gateways[index].start()
  }

  /** One processor more, run by another program if one is given. */
  async startProcessor(program?: string): Promise<void> {
    const name = `processor ${this.processors.length + 1}`
    const processor = this.role(name, ['processor', ...this.flags], program)
    this.processors.push(processor)
    await processor.start()
  }

  /** Waits until a processor owns partitions: it says that it runs before the group has dealt it any. */
  async ownsPartitions(processor: RoleProcess, msMax = 20_000): Promise<void> {
    const until = Date.now() + msMax
    while (true) {
      const stages = await this.get<StageAnswer[]>('/api/v1/stages')
      const mine = stages.find(
        ({ stage, instance }) => stage === 'processor' && instance.includes(`-${processor.pid}-`),
      )
      if ((mine?.figures.partitions ?? 0) > 0) return
      if (Date.now() > until) throw new Error(`${processor.name} owns no partition after ${msMax} ms`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  private async startLive(index: number): Promise<void> {
    const port = await freePort()
    this.liveUrls[index] = `http://127.0.0.1:${port}`
    const args = ['live', ...this.flags, '--live-port', String(port), '--gateway-url', this.gatewayUrls[0]]
    this.lives[index] = this.role(`live ${index + 1}`, args)
    await this.lives[index].start()
  }

  private role(name: string, args: string[], program?: string): RoleProcess {
    return new RoleProcess(name, args, this.environment, program)
  }

  /** The same log, store and registry, opened in this process. Only on Kafka and Redis: the embedded engine is not shared. */
  async openEngine(): Promise<Engine> {
    const { engine, topic } = this
    if (engine.kind === 'embedded') throw new Error('the embedded engine belongs to its one process')
    const { brokers, redisUrl } = engine
    return createEngine({
      kind: 'kafka',
      brokers: brokers.split(','),
      topic,
      redisUrl,
      redisPrefix: `${topic}:`,
    })
  }

  async get<T>(pathname: string, live = 0): Promise<T> {
    const token = this.environment.SIGHTLINE_ADMIN_TOKEN
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const answer = await fetch(`${this.liveUrls[live]}${pathname}`, { headers })
    if (!answer.ok) throw new Error(`${pathname} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }

  site(id = 1): Promise<SiteAnswer> {
    return this.get<SiteAnswer[]>('/api/v1/sites').then((sites) => {
      const site = sites.find((one) => one.id === id)
      if (site === undefined) throw new Error(`no site ${id}`)
      return site
    })
  }

  async ingestUrl(site = 1, gateway = 0): Promise<string> {
    const { writeKey } = await this.site(site)
    return `${this.gatewayUrls[gateway].replace('http', 'ws')}/ingest?key=${writeKey}`
  }

  /** The ledger once it counts `counted` events, or as it is when it hasn't changed for `quietMs`. */
  async settledLedger(
    counted: number,
    { live = 0, site = 1, quietMs = 12_000, limitMs = 60_000 } = {},
  ): Promise<Ledger> {
    const until = Date.now() + limitMs
    let changedMs = Date.now()
    let last = ''
    while (true) {
      const ledger = await this.get<Ledger>(`/api/v1/sites/${site}/ledger`, live).catch(() => null)
      const text = JSON.stringify(ledger)
      if (text !== last) changedMs = Date.now()
      last = text
      const quiet = Date.now() - changedMs > quietMs
      // A little longer than needed, so that what is counted twice has the time to show.
      if (ledger !== null && ledger.counted >= counted && Date.now() - changedMs > 1_500) return ledger
      if (ledger !== null && (quiet || Date.now() > until)) return ledger
      if (Date.now() > until) throw new Error('the ledger can’t be read')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  /** Ends all processes, whatever state they are in, and removes the data. */
  async stop(): Promise<void> {
    const all = [...this.up, ...this.gateways, ...this.processors, ...this.lives]
    await Promise.all(
      all.map(async (role) => {
        await role.kill('SIGCONT')
        const gone = role.kill('SIGTERM')
        const late = setTimeout(() => void role.kill('SIGKILL'), 15_000)
        await gone
        clearTimeout(late)
      }),
    )
    await rm(this.directory, { recursive: true, force: true })
  }
}
