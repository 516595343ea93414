import 'reflect-metadata'
import { hostname } from 'node:os'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common'
import { HttpException } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { type Logger, pino } from 'pino'
import type { Engine } from '@sightline/engine/engine'
import { systemClock } from './clock.ts'
import { type GatewayConfig, gatewayConfig } from './gateway-config.ts'
import { countCode, type GatewayCounters } from './gateway-counters.ts'
import { GatewayModule } from './gateway.module.ts'
import { gatewayHttpServer } from './http-server.ts'
import { IngestServer } from './ingest-server.ts'
import { Readiness } from './readiness.ts'
import { answerRefusal, refusal } from './request-error.ts'
import { ServedTracker, type TrackerScript } from './tracker-script.ts'

export interface GatewayOptions {
  host: string
  /** 0 = any free port; `Gateway.url` has it. */
  port: number
  /** Stays open when the gateway closes: whoever made it closes it afterwards. */
  engine: Pick<Engine, 'log' | 'registry'>
  config?: Partial<GatewayConfig>
  logger?: Logger
  /** ms since the epoch. Default: the system's clock. */
  now?: () => number
  /** Without it, /tracker.js answers 404. */
  trackerScript?: TrackerScript
}

export interface Gateway {
  readonly url: string
  readonly port: number
  /** Open WebSockets at present. */
  readonly connections: number
  /** What happened since the start. */
  readonly counters: Readonly<GatewayCounters>
  /** Refuses what is new, settles what is durable, closes every connection with 1012. Within config.drainMsMax. */
  drain(): Promise<void>
  /** Drains, then frees the port. */
  close(): Promise<void>
}

/**
 * Starts a gateway. Several may run in one process. Rejects when it can't listen (EADDRINUSE and the like).
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { engine, host } = options
  const config = gatewayConfig(options.config)
  const logger = options.logger ?? pino({ name: 'gateway' })
  const clock = { ...systemClock, ...(options.now && { now: options.now }) }
  const instance = `${hostname()}:${process.pid}:${Math.random().toString(36).slice(2, 8)}`
  const ingest = new IngestServer({ engine, config, logger, clock, random: Math.random, instance })
  const module = GatewayModule.of({
    ingest,
    readiness: new Readiness(engine.log, clock),
    tracker: new ServedTracker(options.trackerScript),
  })
  const adapter = new GatewayHttpAdapter(config, ingest)
  const app = await NestFactory.create(module, adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: false,
  })
  app.useGlobalFilters(new RequestFaults(logger))
  try {
    await app.listen(options.port, host)
  } catch (error) {
    await app.close()
    throw error
  }
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  logger.info({ url }, 'gateway listens')
  return {
    url,
    port,
    get connections() {
      return ingest.table.count
    },
    counters: ingest.counters,
    drain: () => ingest.drain(),
    close: () => app.close(),
  }
}

/** Nest's Express adapter on an HTTP server with our deadlines and bounds. */
class GatewayHttpAdapter extends ExpressAdapter {
  constructor(
    private readonly config: GatewayConfig,
    private readonly ingest: IngestServer,
  ) {
    super()
    this.getInstance().disable('x-powered-by')
  }

  override initHttpServer(): void {
    const listener = this.getInstance() as RequestListener
    this.httpServer = gatewayHttpServer(this.config, listener, (error) =>
      countCode(this.ingest.counters.requestErrors, error),
    )
  }

  /** Kept-alive connections would hold the port for as long as they like; what had to be answered is answered. */
  override close(): Promise<void> {
    const closed = super.close()
    ;(this.httpServer as Server).closeAllConnections()
    return closed as Promise<void>
  }
}

/** What no route answered. Faults of clients are typed and not logged; faults of ours are logged, and say no more. */
class RequestFaults implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    const response = http.getResponse<ServerResponse>()
    const { method } = http.getRequest<IncomingMessage>()
    const status = statusOf(exception)
    if (status === 404) return answerRefusal(response, refusal('not-found'))
    if (status >= 400 && status < 500) return answerRefusal(response, refusal('bad-request'))
    this.logger.error({ err: exception, method }, 'a request failed')
    answerRefusal(response, refusal('internal'))
  }
}

function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus()
  const status = (exception as { statusCode?: unknown } | null)?.statusCode
  return typeof status === 'number' ? status : 500
}
