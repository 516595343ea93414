import type { Command } from './commands.ts'
import type { Config } from './config.ts'
import { demoSiteId, ensureSites } from './ensure-sites.ts'
import { createLogger, openEngine, publicGatewayUrl, runDemo, runGateway, runLive, runProcessor } from './roles.ts'
import { Running, untilStopped } from './shutdown.ts'

/**
 * Runs one role until it is stopped; as many of each as one likes share one Kafka and one Redis. The embedded engine
 * lives in one process and can't be shared, so a single role needs `--engine kafka` (the demo shop needs no engine when
 * it is given a key).
 */
export async function singleRole(role: Extract<Command, 'gateway' | 'processor' | 'live' | 'demo'>, config: Config): Promise<number> {
  if (config.engine === 'embedded') {
    process.stderr.write(
      `sightline: ${role} alone needs --engine kafka: the embedded engine is one process (sightline up --demo runs all roles in it)\n`,
    )
    return 2
  }
  const logger = createLogger(config)
  const running = new Running()
  try {
    const engine = await openEngine(config)
    running.add('engine', () => engine.close())
    const { own, demo } = await ensureSites(engine.registry, role === 'demo' ? originsOf(config, config.demoPort) : null)
    let where = ''
    if (role === 'gateway') {
      const gateway = await runGateway(config, engine, logger)
      running.add(role, () => gateway.close())
      where = `${gateway.url}  (write key of “${own.name}”: ${own.writeKey})`
    } else if (role === 'processor') {
      const processor = await runProcessor(config, engine, logger)
      running.add(role, () => processor.close())
    } else if (role === 'live') {
      const live = await runLive(config, engine, logger, publicGatewayUrl(config))
      running.add(role, () => live.close())
      where = live.url
    } else {
      const shop = await runDemo(config, publicGatewayUrl(config), demo?.writeKey ?? '')
      running.add(role, () => shop.close())
      where = `${shop.url}  (site ${demoSiteId})`
    }
    process.stdout.write(`${role} runs ${where}\n`)
    const reason = await untilStopped()
    process.stdout.write(`${role} stops (${reason})\n`)
  } finally {
    await running.close()
  }
  return 0
}

/** The demo shop's own addresses, under which browsers name it as the origin. */
export function originsOf(config: Config, port: number): string[] {
  return [...new Set([config.demoHost, 'localhost'])].map((host) => `http://${host}:${port}`)
}
