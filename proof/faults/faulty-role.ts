import { parseArgs } from 'node:util'
import { readConfig, type Config } from '@sightline/cli/config'
import { ensureOwnSite } from '@sightline/cli/ensure-sites'
import { createLogger, openEngine, runGateway, runProcessor } from '@sightline/cli/roles'
import { settings, type Setting } from '@sightline/cli/settings'
import { Running, StopRequest } from '@sightline/cli/shutdown'
import type { Engine } from '@sightline/engine/engine'

/**
 * Runs the real gateway or processor over an engine whose ports were tampered with, taking the same arguments as the
 * CLI. So the faults that the checker must find live here, and the product has no switch for them.
 */
export async function runFaultyRole(
  tamper: (engine: Engine, config: Config) => Partial<Engine>,
): Promise<void> {
  const [role, ...rest] = process.argv.slice(2)
  const flags = (Object.values(settings) as Setting[]).flatMap(({ flag }) =>
    flag === undefined ? [] : [flag],
  )
  const options = Object.fromEntries(flags.map((flag) => [flag, { type: 'string' as const }]))
  const { values } = parseArgs({ args: rest, options })
  const config = readConfig(values as Record<string, string>, process.env)
  const logger = createLogger(config)
  const running = new Running()
  const engine = await openEngine(config)
  running.add('engine', () => engine.close())
  await ensureOwnSite(engine)
  const { kind, log, deadLetters, store, registry } = engine
  const close = () => engine.close()
  const tampered: Engine = { kind, log, deadLetters, store, registry, close, ...tamper(engine, config) }
  const started =
    role === 'gateway' ? runGateway(config, tampered, logger) : runProcessor(config, tampered, logger)
  const { close: stop } = await started
  running.add(role, stop)
  process.stdout.write(`${role} runs tampered with\n`)
  await new StopRequest().requested
  await running.close()
}
