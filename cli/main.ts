import { readArguments } from './arguments.ts'
import { isCommand, usage, type Command } from './commands.ts'
import { ConfigError, readConfig, type BadSetting, type Config } from './config.ts'
import { exitBadUsage, explain } from './explain.ts'
import { readLoadOptions, type LoadOptions } from './load/load-options.ts'
import { outliveTerminal } from './terminal.ts'

/** After a command has ended nothing should be left; what is, gets this long, ms. */
const lingerMs = 2_000

async function main(): Promise<number> {
  const [name, ...words] = process.argv.slice(2)
  if (!isCommand(name)) {
    const asked = name === undefined || name === 'help' || name === '--help'
    ;(asked ? process.stdout : process.stderr).write(
      asked ? usage() : `There is no command ${name}.\n\n${usage()}`,
    )
    return asked ? 0 : exitBadUsage
  }
  const { values, switches, bad } = readArguments(name, words)
  if (switches.has('help')) {
    process.stdout.write(usage())
    return 0
  }
  const read = readAll(name, values, bad)
  return run(name, read, switches)
}

/** Settings and the command's own options, or one error with everything that is wrong with both. */
function readAll(
  name: Command,
  values: Record<string, string | undefined>,
  found: readonly BadSetting[],
): { config: Config; load: LoadOptions } {
  const bad = [...found]
  const load = collect(bad, () => readLoadOptions(name === 'load' ? values : {}))
  const config = collect(bad, () => readConfig(values, process.env))
  if (config === null || load === null || bad.length > 0) throw new ConfigError(bad)
  return { config, load }
}

function collect<Value>(bad: BadSetting[], read: () => Value): Value | null {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    bad.push(...error.bad)
    return null
  }
}

/** Each command's code is loaded when it is run, so that none pays for another's libraries. */
async function run(
  command: Command,
  { config, load }: { config: Config; load: LoadOptions },
  switches: ReadonlySet<string>,
): Promise<number> {
  switch (command) {
    case 'up':
      return (await import('./up.ts')).up(config, { demo: switches.has('demo') })
    case 'gateway':
    case 'processor':
    case 'live':
    case 'demo':
      return (await import('./single-role.ts')).singleRole(command, config)
    case 'load':
      return (await import('./load/load.ts')).load(config, load, { json: switches.has('json') })
    case 'doctor':
      return (await import('./doctor.ts')).doctor(config)
    case 'config-reference':
      process.stdout.write((await import('./config-reference.ts')).configReference())
      return 0
  }
}

outliveTerminal(process.stdout, process.stderr)
main().then(
  (code) => {
    process.exitCode = code
    setTimeout(() => process.exit(), lingerMs).unref()
  },
  (error: unknown) => {
    const { text, code } = explain(error)
    process.stderr.write(`sightline: ${text}\n`)
    process.exit(code)
  },
)
