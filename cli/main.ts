import { parseArgs } from 'node:util'
import { isCommand, usage, type Command } from './commands.ts'
import { ConfigError, readConfig } from './config.ts'
import { settings } from './settings.ts'

/** Exit code of wrong usage or a bad setting. */
const exitBadUsage = 2

/** Flags that belong to single commands; all others are settings. */
const commandFlags = {
  demo: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  rate: { type: 'string' },
  visitors: { type: 'string' },
  seconds: { type: 'string' },
  frame: { type: 'string' },
  site: { type: 'string' },
} as const

const settingFlags = Object.fromEntries(
  Object.values(settings).flatMap((setting) => ('flag' in setting ? [[setting.flag, { type: 'string' as const }]] : [])),
)

async function main(): Promise<number> {
  const [name, ...rest] = process.argv.slice(2)
  if (!isCommand(name)) {
    const asked = name === undefined || name === 'help' || name === '--help'
    ;(asked ? process.stdout : process.stderr).write(asked ? usage() : `There is no command ${name}.\n\n${usage()}`)
    return asked ? 0 : exitBadUsage
  }
  const { values } = parseArgs({ args: rest, options: { ...settingFlags, ...commandFlags }, strict: true })
  if (values.help === true) {
    process.stdout.write(usage())
    return 0
  }
  const config = readConfig(values as Record<string, string | undefined>, process.env)
  return run(name, config, values as Record<string, string | boolean | undefined>)
}

/** Each command's code is loaded when it is run, so that none pays for another's libraries. */
async function run(
  command: Command,
  config: ReturnType<typeof readConfig>,
  flags: Record<string, string | boolean | undefined>,
): Promise<number> {
  switch (command) {
    case 'up':
      return (await import('./up.ts')).up(config, { demo: flags.demo === true })
    case 'gateway':
    case 'processor':
    case 'live':
    case 'demo':
      return (await import('./single-role.ts')).singleRole(command, config)
    case 'load':
      return (await import('./load/load.ts')).load(config, flags)
    case 'doctor':
      return (await import('./doctor.ts')).doctor(config)
    case 'config-reference':
      process.stdout.write((await import('./config-reference.ts')).configReference())
      return 0
  }
}

/** What a person did wrong, or what is wrong with their machine: told in words, without a stack. */
function explain(error: unknown): { text: string; code: number } {
  if (error instanceof ConfigError) return { text: error.message, code: exitBadUsage }
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    return { text: error.message, code: exitBadUsage }
  }
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return { text: `Port ${error.port} is taken; stop what listens there or choose another (docs/config.md).`, code: exitBadUsage }
  }
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), code: 1 }
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const { text, code } = explain(error)
    process.stderr.write(`sightline: ${text}\n`)
    process.exit(code)
  },
)
