import 'reflect-metadata'
import type { AddressInfo } from 'node:net'
import { NestFactory } from '@nestjs/core'
import { StandardSchemaValidationPipe } from '@nestjs/common'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { Engine } from '@sightline/engine/engine'
import type { Logger } from 'pino'
import { createAuthorization } from './authorization.ts'
import { describeApi } from './api/open-api.module.ts'
import { History } from './history.ts'
import { LiveModule } from './live.module.ts'
import { LiveHub } from './live-hub.ts'
import { securityHeaders } from './security-headers.ts'
import type { OutlineSource } from './page-outline.ts'
import { requireToken } from './require-token.ts'
import { serveDashboard } from './dashboard-files.ts'
import { SiteData } from './site-data.ts'
import { StoreFollower } from './store-follower.ts'
import { ViewerServer } from './viewer-server.ts'

export interface LiveOptions {
  host: string
  /** 0 takes a free port. */
  port: number
  /** Empty = no token is asked for; the caller sees to it that the address is loopback then. */
  adminToken: string
  /** Where browsers reach the gateway; shown in the snippet. */
  gatewayUrl: string
  /** Folder of the built dashboard. */
  dashboardFolder: string
  engine: Engine
  logger: Logger
  /** Outlines of pages, where they are known. */
  outlines?: OutlineSource
  /** ms since the epoch. */
  now?: () => number
}

export interface RunningLive {
  url: string
  port: number
  close(): Promise<void>
}

/** Shown in the API's description. */
const version = '0.1.0'

/** Starts a live server: follows the store, serves viewers, the API and the dashboard. */
export async function startLive(options: LiveOptions): Promise<RunningLive> {
  const { engine, logger, now = Date.now } = options
  const follower = new StoreFollower({ store: engine.store, partitions: engine.log.partitions, now })
  const hub = new LiveHub({ follower, registry: engine.registry, logger, now })
  await follower.start()
  const history = new History({ follower, store: engine.store, now })
  const data = new SiteData({ follower, history, registry: engine.registry, outlines: options.outlines ?? (() => null), now })
  const authorize = createAuthorization(options.adminToken)
  const app = await NestFactory.create<NestExpressApplication>(
    LiveModule.with({ data, engine, settings: { gatewayUrl: options.gatewayUrl, adminToken: options.adminToken, version } }),
    { logger: false, bodyParser: true },
  )
  app.disable('x-powered-by')
  app.use(securityHeaders())
  app.use(requireToken(authorize))
  app.useGlobalPipes(new StandardSchemaValidationPipe())
  describeApi(app, version)
  app.use(await serveDashboard(options.dashboardFolder))
  const viewers = new ViewerServer({ hub, authorize, now })
  viewers.attach(app.getHttpServer())
  await app.listen(options.port, options.host)
  hub.start()
  const { port } = app.getHttpServer().address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return {
    url: `http://${host}:${port}`,
    port,
    async close() {
      viewers.close()
      hub.stop()
      await follower.stop()
      await app.close()
    },
  }
}
