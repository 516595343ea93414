import path from 'node:path'
import { box } from './box.ts'
import type { Config } from './config.ts'
import { ensureSites } from './ensure-sites.ts'
import { createLogger, openEngine, publicGatewayUrl, runDemo, runGateway, runLive, runProcessor, snippetFor } from './roles.ts'
import { Running, untilStopped } from './shutdown.ts'
import { originsOf } from './single-role.ts'

/** All roles in this process; with `demo`, the shop and simulated visitors too. Ends with a signal, or `q`. */
export async function up(config: Config, { demo }: { demo: boolean }): Promise<number> {
  const logger = createLogger(config)
  const running = new Running()
  const stopped = untilStopped()
  try {
    const engine = await step(engineName(config), () => openEngine(config))
    running.add('engine', () => engine.close())
    const sites = await ensureSites(engine.registry, demo ? originsOf(config, config.demoPort) : null)
    const processor = await step('processor', () => runProcessor(config, engine, logger))
    running.add('processor', () => processor.close())
    const gateway = await step('gateway', () => runGateway(config, engine, logger))
    running.add('gateway', () => gateway.close())
    const gatewayUrl = publicGatewayUrl(config, gateway.url)
    const live = await step('live server and dashboard', () => runLive(config, engine, logger, gatewayUrl))
    running.add('live', () => live.close())
    const lines = [
      ['Dashboard', sites.demo === null ? live.url : `${live.url}/?site=${sites.demo.id}`],
      ['Snippet for your site', snippetFor(gatewayUrl, sites.own.writeKey)],
      ['Data', config.engine === 'embedded' ? path.resolve(config.dataDirectory) : `${config.kafkaTopic} and ${config.redisUrl}`],
    ]
    if (sites.demo !== null) {
      const { demo: site } = sites
      const shop = await step('demo shop', () => runDemo(config, gatewayUrl, site.writeKey))
      running.add('demo shop', () => shop.close())
      // Only now is the port known, when any free one was asked for.
      await ensureSites(engine.registry, originsOf(config, shop.port))
      const { startDemoVisitors } = await import('./visitors/demo-visitors.ts')
      const visitors = startDemoVisitors({ gatewayUrl: gateway.url, site, origin: shop.url, count: config.demoVisitors })
      running.add('demo visitors', () => visitors.stop())
      lines.splice(1, 0, ['Demo shop', `${shop.url}  with ${config.demoVisitors} simulated visitors (v: off and on)`])
      onKey('v', () => process.stdout.write(`demo visitors: ${visitors.toggle() ? 'on' : 'off'}\n`))
    }
    lines.push(['Next', 'npm run services, then npm run sightline -- up --engine kafka'], ['Stop', 'q or Ctrl-C'])
    process.stdout.write(box('Sightline is running', lines))
    const quit = new Promise<string>((resolve) => onKey('q', () => resolve('q')))
    const reason = await Promise.race([stopped, quit, failed(processor)])
    process.stdout.write(`stopping (${reason}) …\n`)
  } finally {
    closeKeyboard()
    await running.close()
  }
  process.stdout.write('stopped; everything acknowledged is stored\n')
  return 0
}

/** A processor that can't go on ends the program: it would count nothing, and say so nowhere. */
async function failed(processor: { ended: Promise<void> }): Promise<string> {
  await processor.ended
  return new Promise(() => {})
}

function engineName(config: Config): string {
  return config.engine === 'embedded' ? 'embedded engine' : `Kafka at ${config.kafkaBrokers.join(', ')} and Redis`
}

async function step<T>(name: string, start: () => Promise<T>): Promise<T> {
  const begin = performance.now()
  const started = await start()
  process.stdout.write(`  ${name} … ${Math.round(performance.now() - begin)} ms\n`)
  return started
}

const keys = new Map<string, () => void>()

/** Single keys, where the terminal gives them. Ctrl-C then arrives as a key too. */
function onKey(key: string, act: () => void): void {
  if (!process.stdin.isTTY) return
  if (keys.size === 0) {
    process.stdin.setRawMode(true)
    process.stdin.on('data', (bytes: Buffer) => {
      const pressed = bytes.toString()
      if (pressed === '\u0003') process.kill(process.pid, 'SIGINT')
      else keys.get(pressed)?.()
    })
  }
  keys.set(key, act)
}

function closeKeyboard(): void {
  if (keys.size === 0) return
  process.stdin.setRawMode(false)
  process.stdin.pause()
}
