import { parseArgs } from 'node:util'
import { commands, type Command } from './commands.ts'
import type { BadSetting } from './config.ts'
import { settings } from './settings.ts'

/** What was said after the command. */
export interface Arguments {
  /** Values of flags, by name. */
  values: Record<string, string | undefined>
  /** Flags without a value. */
  switches: ReadonlySet<string>
  bad: BadSetting[]
}

const settingFlags: string[] = Object.values(settings).flatMap((setting) =>
  'flag' in setting ? [setting.flag] : [],
)

/** Reads the words after a command; what fits nothing is listed in `bad`, all of it. */
export function readArguments(command: Command, words: string[]): Arguments {
  const { flags, switches } = commands[command]
  const withValue = [...settingFlags, ...flags]
  const without = ['help', ...switches]
  const options = Object.fromEntries([
    ...withValue.map((name) => [name, { type: 'string' as const }]),
    ...without.map((name) => [name, { type: 'boolean' as const }]),
  ])
  const { tokens } = parseArgs({ args: words, options, strict: false, allowPositionals: true, tokens: true })
  const read = {
    values: {} as Record<string, string | undefined>,
    switches: new Set<string>(),
    bad: [] as BadSetting[],
  }
  for (const token of tokens) {
    if (token.kind === 'positional')
      read.bad.push({ name: token.value, given: '', expects: `absent: ${command} takes flags only` })
    else if (token.kind === 'option') takeOption(read, token, withValue, without, command)
  }
  return read
}

function takeOption(
  read: { values: Record<string, string | undefined>; switches: Set<string>; bad: BadSetting[] },
  { name, rawName, value }: { name: string; rawName: string; value?: string | undefined },
  withValue: string[],
  without: string[],
  command: Command,
): void {
  if (without.includes(name)) {
    if (value === undefined) read.switches.add(name)
    else read.bad.push({ name: rawName, given: value, expects: 'without a value' })
  } else if (!withValue.includes(name)) {
    // Its value isn't told: it may be a secret that somebody tried to hand over.
    read.bad.push({ name: rawName, given: '', expects: `absent: ${command} has no such flag` })
  } else if (value === undefined) read.bad.push({ name: rawName, given: '', expects: 'followed by a value' })
  else read.values[name] = value
}
