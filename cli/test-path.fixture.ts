import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '@sightline/engine/create-engine'
import type { Engine } from '@sightline/engine/engine'
import type { Site } from '@sightline/engine/registry/registry'
import { startGateway, type Gateway } from '@sightline/gateway/main'
import { startLive, type RunningLive } from '@sightline/live/main'
import { startProcessor } from '@sightline/processor/main'
import type { Ledger } from '@sightline/protocol/live-frames'
import { pino } from 'pino'

/** The path from the wire to the API, of real parts on a real embedded engine, with one site. */
export class TestPath {
  readonly engine: Engine
  gateway: Gateway
  readonly site: Site
  private readonly live: RunningLive
  private readonly release: () => Promise<void>

  private constructor(
    parts: { engine: Engine; gateway: Gateway; live: RunningLive; site: Site },
    release: () => Promise<void>,
  ) {
    this.engine = parts.engine
    this.gateway = parts.gateway
    this.live = parts.live
    this.site = parts.site
    this.release = release
  }

  static async start(): Promise<TestPath> {
    const directory = await mkdtemp(join(tmpdir(), 'sightline-cli-'))
    const engine = await createEngine({ kind: 'embedded', directory })
    const logger = pino({ level: 'silent' })
    const site: Site = {
      id: 1,
      name: 'Shop',
      writeKey: '1-abcdefghijklmnop',
      origins: ['*'],
      timeZone: 'UTC',
    }
    await engine.registry.putSite(site)
    const gateway = await startGateway({ host: '127.0.0.1', port: 0, engine, logger })
    const processor = await startProcessor({ engine, logger, sessionTimeoutMs: 6_000 })
    await writeFile(join(directory, 'index.html'), '')
    const live = await startLive({
      host: '127.0.0.1',
      port: 0,
      adminToken: '',
      gatewayUrl: gateway.url,
      dashboardFolder: directory,
      engine,
      logger,
    })
    return new TestPath({ engine, gateway, live, site }, async () => {
      await live.close()
      await processor.close()
      await engine.close()
      await rm(directory, { recursive: true, force: true })
    })
  }

  get ingestUrl(): string {
    return `${this.gateway.url.replace('http', 'ws')}/ingest?key=${this.site.writeKey}`
  }

  /** Closes the gateway and starts another on its port, which holds back what `engine` says. */
  async restartGateway(engine: Pick<Engine, 'log' | 'registry'> = this.engine): Promise<void> {
    const { port } = this.gateway
    await this.gateway.close()
    this.gateway = await startGateway({ host: '127.0.0.1', port, engine, logger: pino({ level: 'silent' }) })
  }

  /** The site's ledger once it counts `counted` events, or after `limitMs`. */
  async ledger(counted: number, limitMs = 10_000): Promise<Ledger> {
    const until = performance.now() + limitMs
    while (true) {
      const answer = await fetch(`${this.live.url}/api/v1/sites/${this.site.id}/ledger`)
      const ledger = (await answer.json()) as Ledger
      if (ledger.counted >= counted || performance.now() > until) return ledger
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async stop(): Promise<void> {
    await this.gateway.close()
    await this.release()
  }
}
