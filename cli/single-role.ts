import type { Engine } from '@sightline/engine/engine'
import type { Logger } from 'pino'
import type { Command } from './commands.ts'
import { withoutPassword, type Config } from './config.ts'
import { demoSiteId, ensureDemoSite, ensureOwnSite, writeKeyOf } from './ensure-sites.ts'
import * as roles from './roles.ts'
import { Running, StoppedEarly, StopRequest } from './shutdown.ts'

type Role = Extract<Command, 'gateway' | 'processor' | 'live' | 'demo'>

/** A role that was started. */
interface StartedRole {
  close(): Promise<void>
  /** Where it is, for people; '' for one that nobody connects to. */
  where: string
  /** Rejects when it can't go on. */
  ended?: Promise<void>
}

/**
 * Runs one role until it is stopped; as many of each as one likes share one Kafka and one Redis. The embedded engine
 * lives in one process and can't be shared, so a single role needs `--engine kafka`.
 */
export async function singleRole(role: Role, config: Config): Promise<number> {
  if (config.engine === 'embedded') {
    process.stderr.write(
      `sightline: ${role} alone needs --engine kafka: the embedded engine is one process (sightline up --demo runs all roles in it)\n`,
    )
    return 2
  }
  const logger = roles.createLogger(config)
  const running = new Running()
  const stop = new StopRequest()
  try {
    const engine = await running.start(
      'engine',
      stop,
      () => roles.openEngine(config, logger),
      (one) => one.close(),
    )
    const started = await running.start(
      role,
      stop,
      () => startRole(role, config, engine, logger),
      (one) => one.close(),
    )
    process.stdout.write(`${role} runs ${started.where}\n`)
    await Promise.race([stop.requested, ended(started)])
  } catch (error) {
    if (!(error instanceof StoppedEarly)) {
      await running.close().catch((reason: Error) => process.stderr.write(`sightline: ${reason.message}\n`))
      throw error
    }
  }
  process.stdout.write(`${role} stops (${stop.reason})\n`)
  await running.close()
  stop.dispose()
  return 0
}

async function startRole(role: Role, config: Config, engine: Engine, logger: Logger): Promise<StartedRole> {
  switch (role) {
    case 'gateway': {
      const own = await ensureOwnSite(engine)
      const gateway = await roles.runGateway(config, engine, logger)
      const where = `${roles.urlOf(config.gatewayHost, gateway.port)}  (write key of “${own.name}”: ${own.writeKey})`
      return { where, close: () => gateway.close() }
    }
    case 'processor': {
      const processor = await roles.runProcessor(config, engine, logger)
      return {
        where: `on ${config.kafkaTopic} and ${withoutPassword(config.redisUrl)}`,
        close: () => processor.close(),
        ended: processor.ended,
      }
    }
    case 'live': {
      await ensureOwnSite(engine)
      const live = await roles.runLive(config, engine, logger, roles.publicGatewayUrl(config))
      return { where: roles.urlOf(config.liveHost, live.port), close: () => live.close() }
    }
    case 'demo': {
      const shop = await roles.runDemo(
        config,
        roles.publicGatewayUrl(config),
        await writeKeyOf(engine, demoSiteId),
      )
      await ensureDemoSite(engine, roles.originsOf(config, shop.port))
      return {
        where: `${roles.urlOf(config.demoHost, shop.port)}  (site ${demoSiteId})`,
        close: () => shop.close(),
      }
    }
  }
}

/** A processor that can't go on ends the program: it would count nothing, and say so nowhere. */
async function ended(started: StartedRole): Promise<never> {
  await started.ended
  return new Promise(() => {})
}
