import 'reflect-metadata'
import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { NestFactory } from '@nestjs/core'
import { type ArgumentsHost, type ExceptionFilter, StandardSchemaValidationPipe } from '@nestjs/common'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { Engine } from '@sightline/engine/engine'
import { limits } from '@sightline/protocol/limits'
import type { Response } from 'express'
import type { Logger } from 'pino'
import { answerOfFault } from './answer-fault.ts'
import { createAuthorization } from './authorization.ts'
import { describeApi } from './api/open-api.module.ts'
import { systemClock, type Clock } from './clock.ts'
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
  /** Default: the system's. */
  clock?: Clock
}

export interface RunningLive {
  url: string
  port: number
  close(): Promise<void>
}

/** Shown in the API's description. */
const version = '0.1.0'

/** Starts a live server: follows the store, serves viewers, the API and the dashboard. Rejects when it can't listen. */
export async function startLive(options: LiveOptions): Promise<RunningLive> {
  const { engine, logger, clock = systemClock } = options
  const warn = (line: string) => logger.warn(line)
  const follower = new StoreFollower({ store: engine.store, partitions: engine.log.partitions, clock, warn })
  const instance = `${os.hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`
  const hub = new LiveHub({ follower, registry: engine.registry, clock, instance, warn })
  const viewers = new ViewerServer({ hub, authorize: createAuthorization(options.adminToken), clock })
  await follower.start()
  let app: NestExpressApplication | undefined
  const close = async () => {
    viewers.close()
    hub.stop()
    if (app !== undefined) await closeHttp(app, viewers)
    await follower.stop()
  }
  try {
    app = await createApp(options, follower, clock)
    viewers.attach(app.getHttpServer())
    await app.listen(options.port, options.host)
  } catch (error) {
    await close()
    throw error
  }
  hub.start()
  const { port } = app.getHttpServer().address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return { url: `http://${host}:${port}`, port, close }
}

async function createApp(
  options: LiveOptions,
  follower: StoreFollower,
  clock: Clock,
): Promise<NestExpressApplication> {
  const { engine, gatewayUrl, adminToken } = options
  const history = new History({ follower, store: engine.store, clock })
  const outlines = options.outlines ?? (() => null)
  const data = new SiteData({ follower, history, registry: engine.registry, outlines, clock })
  const app = await NestFactory.create<NestExpressApplication>(
    LiveModule.with({ data, engine, settings: { gatewayUrl, adminToken, version } }),
    { abortOnError: false, logger: false, bodyParser: true },
  )
  app.disable('x-powered-by')
  app.use(securityHeaders())
  app.use(requireToken(createAuthorization(adminToken)))
  app.useGlobalPipes(new StandardSchemaValidationPipe())
  app.useGlobalFilters(new RequestFaults(options.logger))
  describeApi(app, version)
  app.use(await serveDashboard(options.dashboardFolder))
  return app
}

/** Answers what is under way, and ends what takes longer than `endingMsMax`. */
async function closeHttp(app: NestExpressApplication, viewers: ViewerServer): Promise<void> {
  const server = app.getHttpServer() as Server
  const closed = app.close()
  await Promise.race([closed, pause(limits.endingMsMax, undefined, { ref: false })])
  viewers.terminate()
  server.closeAllConnections()
  await closed
}

/** Faults of clients are typed and not logged; faults of ours are logged, and say no more. */
class RequestFaults implements ExceptionFilter {
  private readonly logger: Logger

  constructor(logger: Logger) {
    this.logger = logger
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>()
    const { status, body, isOurs } = answerOfFault(exception)
    if (isOurs) this.logger.error({ err: exception }, 'a request failed')
    if (response.headersSent) response.destroy()
    else response.status(status).setHeader('Cache-Control', 'no-store').json(body)
  }
}
