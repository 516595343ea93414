import path from 'node:path'
import { box } from './box.ts'
import { withoutPassword, type Config } from './config.ts'
import { demoSiteId, ensureDemoSite, ensureOwnSite, writeKeyOf } from './ensure-sites.ts'
import * as roles from './roles.ts'
import { Running, StoppedEarly, StopRequest } from './shutdown.ts'
import { Keyboard } from './terminal.ts'
import type { DemoVisitors } from './visitors/demo-visitors.ts'

/** What runs, as far as it is shown and watched. */
interface UpParts {
  lines: string[][]
  /** Rejects when nothing would be counted any more. */
  failed: Promise<never>
  visitors: DemoVisitors | null
}

/** All roles in this process; with `demo`, the shop and simulated visitors too. Ends with a signal, or `q`. */
export async function up(
  config: Config,
  { demo }: { demo: boolean },
  stop = new StopRequest(),
): Promise<number> {
  const running = new Running()
  const keyboard = new Keyboard(process.stdin)
  try {
    const { lines, failed, visitors } = await startAll(config, demo, running, stop)
    const toggle = () => {
      if (visitors !== null) say(`demo visitors: ${visitors.toggle() ? 'on' : 'off'}\n`)
    }
    keyboard.start({ q: () => stop.ask('q'), v: toggle }, () => process.kill(process.pid, 'SIGINT'))
    say(box('Sightline is running', lines))
    await Promise.race([stop.requested, failed])
  } catch (error) {
    if (!(error instanceof StoppedEarly)) {
      keyboard.stop()
      await running.close().catch((reason: Error) => process.stderr.write(`sightline: ${reason.message}\n`))
      throw error
    }
  }
  say(`stopping (${stop.reason}) …\n`)
  keyboard.stop()
  await running.close()
  stop.dispose()
  say('stopped; everything acknowledged is stored\n')
  return 0
}

async function startAll(
  config: Config,
  demo: boolean,
  running: Running,
  stop: StopRequest,
): Promise<UpParts> {
  const logger = roles.createLogger(config)
  const start = <Part extends { close(): Promise<void> }>(name: string, open: () => Promise<Part>) =>
    timed(name, () => running.start(name, stop, open, (part) => part.close()))
  const engine = await start(engineName(config), () => roles.openEngine(config, logger))
  const own = await ensureOwnSite(engine)
  const processor = await start('processor', () => roles.runProcessor(config, engine, logger))
  const gateway = await start('gateway', () => roles.runGateway(config, engine, logger))
  const gatewayUrl = roles.publicGatewayUrl(config, gateway.port)
  const live = await start('live server and dashboard', () =>
    roles.runLive(config, engine, logger, gatewayUrl),
  )
  const liveUrl = roles.urlOf(config.liveHost, live.port)
  const lines = [
    ['Dashboard', demo ? `${liveUrl}/?site=${demoSiteId}` : liveUrl],
    ['Snippet for your site', roles.snippetFor(gatewayUrl, own.writeKey)],
    ['Data', placeOfData(config)],
    ...(config.engine === 'embedded'
      ? [['Next', 'npm run services, then npm run sightline -- up --engine kafka']]
      : []),
    ['Stop', 'q or Ctrl-C'],
  ]
  let visitors: DemoVisitors | null = null
  if (demo) {
    const writeKey = await writeKeyOf(engine, demoSiteId)
    const shop = await start('demo shop', () => roles.runDemo(config, gatewayUrl, writeKey))
    // Only now is the port known, when any free one was asked for.
    const site = await ensureDemoSite(engine, roles.originsOf(config, shop.port))
    const { startDemoVisitors } = await import('./visitors/demo-visitors.ts')
    const origin = roles.urlOf(config.demoHost, shop.port)
    visitors = startDemoVisitors({
      gatewayUrl: roles.urlOf(config.gatewayHost, gateway.port),
      site,
      origin,
      count: config.demoVisitors,
    })
    const { stop: sendHome } = visitors
    running.add('demo visitors', sendHome)
    lines.splice(1, 0, [
      'Demo shop',
      `${origin}  with ${config.demoVisitors} simulated visitors (v: off and on)`,
    ])
  }
  return { lines, failed: failed(processor), visitors }
}

/** A processor that can't go on ends the program: it would count nothing, and say so nowhere. */
async function failed(processor: { ended: Promise<void> }): Promise<never> {
  await processor.ended
  return new Promise(() => {})
}

function engineName(config: Config): string {
  return config.engine === 'embedded'
    ? 'embedded engine'
    : `Kafka at ${config.kafkaBrokers.join(', ')} and Redis`
}

function placeOfData(config: Config): string {
  if (config.engine === 'embedded') return path.resolve(config.dataDirectory)
  return `${config.kafkaTopic} and ${withoutPassword(config.redisUrl)}`
}

async function timed<T>(name: string, start: () => Promise<T>): Promise<T> {
  const begin = performance.now()
  const started = await start()
  say(`  ${name} … ${Math.round(performance.now() - begin)} ms\n`)
  return started
}

function say(text: string): void {
  process.stdout.write(text)
}
