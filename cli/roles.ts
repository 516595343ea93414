import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createEngine } from '@sightline/engine/create-engine'
import type { Engine } from '@sightline/engine/engine'
import type { RunningProcessor } from '@sightline/processor/main'
import { pino, type Logger } from 'pino'
import type { OutlineSource } from '@sightline/live/page-outline'
import type { Config } from './config.ts'
import { processorGroup } from './processor-group.ts'
import { demoSiteId } from './ensure-sites.ts'
import { outliveTerminal } from './terminal.ts'

/** A role that answers. */
export interface RunningRole {
  url: string
  port: number
  close(): Promise<void>
}

export function createLogger(config: Config): Logger {
  const errors = pino.destination(2)
  outliveTerminal(errors)
  return pino({ level: config.logLevel }, errors)
}

/** `logger` is told what keeps the engine waiting or is left out; without it the process warns. */
export function openEngine(config: Config, logger?: Logger): Promise<Engine> {
  if (config.engine === 'embedded') {
    const onTrouble = logger && ((error: Error) => logger.warn(error.message))
    return createEngine({
      kind: 'embedded',
      directory: path.resolve(config.dataDirectory),
      ...(onTrouble && { onTrouble }),
    })
  }
  const { kafkaBrokers: brokers, kafkaTopic: topic, redisUrl, redisPrefix } = config
  const warn = logger && ((line: string) => logger.warn(line))
  return createEngine({ kind: 'kafka', brokers, topic, redisUrl, redisPrefix, ...(warn && { warn }) })
}

export async function runGateway(config: Config, engine: Engine, logger: Logger): Promise<RunningRole> {
  const { startGateway } = await import('@sightline/gateway/main')
  const script = (name: string) => readFile(path.join(builtFolder('tracker'), name))
  return startGateway({
    host: config.gatewayHost,
    port: config.gatewayPort,
    engine,
    logger,
    trackerScript: { script: await script('tracker.js'), module: await script('tracker.mjs') },
  })
}

export async function runProcessor(
  config: Config,
  engine: Engine,
  logger: Logger,
): Promise<RunningProcessor> {
  const { startProcessor } = await import('@sightline/processor/main')
  return startProcessor({
    engine,
    logger,
    sessionTimeoutMs: config.kafkaSessionTimeoutMs,
    group: processorGroup(config.kafkaTopic),
  })
}

export async function runLive(
  config: Config,
  engine: Engine,
  logger: Logger,
  gatewayUrl: string,
): Promise<RunningRole> {
  const { startLive } = await import('@sightline/live/main')
  return startLive({
    host: config.liveHost,
    port: config.livePort,
    adminToken: config.adminToken,
    gatewayUrl,
    dashboardFolder: builtFolder('dashboard'),
    engine,
    logger,
    outlines: await demoOutlines(),
  })
}

/** The demo shop's pages as they were measured. Real sites' outlines will come from their trackers. */
async function demoOutlines(): Promise<OutlineSource> {
  const { siteMapWidth, sitePages } = await import('@sightline/demo/site-map')
  const pages = new Map(sitePages.map((page) => [page.path, page]))
  return (site, path) => {
    const page = site === demoSiteId ? pages.get(path) : undefined
    return page === undefined
      ? null
      : { viewportPx: siteMapWidth, heightPx: page.height, blocks: page.blocks }
  }
}

export async function runDemo(config: Config, gatewayUrl: string, writeKey: string): Promise<RunningRole> {
  const { startDemoServer } = await import('@sightline/demo/server/demo-server')
  return startDemoServer({
    host: config.demoHost,
    port: config.demoPort,
    snippet: { scriptUrl: `${gatewayUrl}/tracker.js`, writeKey },
  })
}

/** The URL that browsers use for the gateway: as configured, else where it listens. */
export function publicGatewayUrl(config: Config, port: number = config.gatewayPort): string {
  if (config.gatewayUrl !== '') return config.gatewayUrl.replace(/\/$/, '')
  return urlOf(config.gatewayHost, port)
}

/** URL of something that listens on this machine; an address that means all of them is no place to go to. */
export function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** The demo shop's own addresses, under which browsers name it as the origin. */
export function originsOf(config: Config, port: number): string[] {
  return [...new Set([urlOf(config.demoHost, port), urlOf('localhost', port)])]
}

/** What a person pastes into their pages. */
export function snippetFor(gatewayUrl: string, writeKey: string): string {
  return `<script async src="${gatewayUrl}/tracker.js" data-key="${writeKey}"></script>`
}

/** Where a package of the workspace has what was built of it. */
function builtFolder(name: string): string {
  const here = import.meta.dirname
  const root = path.basename(here) === 'dist' ? path.dirname(path.dirname(here)) : path.dirname(here)
  return path.join(root, name, 'dist')
}
