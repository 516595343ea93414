import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { randomBytes } from 'node:crypto'
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
  sessionTimeoutMs?: number
}

interface SiteAnswer {
  id: number
  writeKey: string
  origins: string[]
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

  static async start(engine: EngineChoice, shape: Shape = {}): Promise<Installation> {
    const installation = new Installation()
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
    this.up.push(await new RoleProcess('up', args, {}, shape.programs?.up).start())
  }

  private async startRoles(engine: Extract<EngineChoice, { kind: 'kafka' }>, shape: Shape): Promise<void> {
    this.flags.push('--engine', 'kafka', '--kafka-brokers', engine.brokers, '--redis-url', engine.redisUrl)
    this.flags.push('--kafka-topic', this.topic, '--redis-prefix', `${this.topic}:`)
    this.flags.push('--kafka-session-timeout-ms', String(shape.sessionTimeoutMs ?? 6_000))
    for (let i = 0; i < (shape.gateways ?? 1); i++) {
      const port = await freePort()
      this.gatewayUrls.push(`http://127.0.0.1:${port}`)
      const args = ['gateway', ...this.flags, '--gateway-port', String(port)]
      this.gateways.push(await new RoleProcess(`gateway ${i + 1}`, args, {}, shape.programs?.gateway).start())
    }
    for (let i = 0; i < (shape.processors ?? 1); i++) this.processors.push(await this.processor(shape, i).start())
    for (let i = 0; i < (shape.lives ?? 1); i++) {
      const port = await freePort()
      this.liveUrls.push(`http://127.0.0.1:${port}`)
      const args = ['live', ...this.flags, '--live-port', String(port), '--gateway-url', this.gatewayUrls[0]]
      this.lives.push(await new RoleProcess(`live ${i + 1}`, args).start())
    }
  }

  private processor(shape: Shape, index: number): RoleProcess {
    return new RoleProcess(`processor ${index + 1}`, ['processor', ...this.flags], {}, shape.programs?.processor)
  }

  async get<T>(pathname: string, live = 0): Promise<T> {
    const answer = await fetch(`${this.liveUrls[live]}${pathname}`)
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
  async settledLedger(counted: number, { live = 0, site = 1, quietMs = 12_000, limitMs = 60_000 } = {}): Promise<Ledger> {
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
