import type { z } from 'zod'
import { settings, type Setting, type SettingKey } from './settings.ts'

/** All settings, checked. */
export type Config = { readonly [K in SettingKey]: z.output<(typeof settings)[K]['schema']> }

export interface BadSetting {
  /** The name under which it was given: flag or environment variable. */
  name: string
  /** What was given, nothing secret in it; '' = not to be told. */
  given: string
  expects: string
}

/** Lists every bad setting, not the first alone. */
export class ConfigError extends Error {
  readonly bad: readonly BadSetting[]
  constructor(bad: BadSetting[]) {
    super(bad.map(sentence).join('\n'))
    this.name = 'ConfigError'
    this.bad = bad
  }
}

function sentence({ name, given, expects }: BadSetting): string {
  return given === ''
    ? `${name} should be ${expects}`
    : `${name} is ${JSON.stringify(given)}; it should be ${expects}`
}

/**
 * Flags win over the environment, the environment over defaults.
 * Throws ConfigError with every bad setting, unknown `SIGHTLINE_…` variables included (a misspelt one would otherwise
 * be ignored silently), and `bad`, which was found before.
 */
export function readConfig(
  flags: Record<string, string | undefined>,
  env: Record<string, string | undefined>,
  bad: readonly BadSetting[] = [],
): Config {
  const found = [...bad]
  const config: Record<string, unknown> = {}
  const known = new Set<string>()
  for (const [key, setting] of Object.entries(settings) as [string, Setting][]) {
    known.add(setting.env)
    const fromFlag = setting.flag === undefined ? undefined : flags[setting.flag]
    const given = fromFlag ?? env[setting.env] ?? setting.default
    const parsed = setting.schema.safeParse(given)
    if (parsed.success) config[key] = parsed.data
    else {
      const name = fromFlag === undefined ? setting.env : `--${setting.flag}`
      const isSecret = setting.flag === undefined
      found.push({ name, given: isSecret ? '' : withoutPassword(given), expects: setting.expects })
    }
  }
  for (const name of Object.keys(env)) {
    // What stands in it may be a secret that was meant for another name.
    if (name.startsWith('SIGHTLINE_') && !known.has(name)) {
      found.push({ name, given: '', expects: 'absent: there is no such setting' })
    }
  }
  const host = config.liveHost
  if (typeof host === 'string' && !isLoopback(host) && config.adminToken === '') {
    found.push({
      name: 'SIGHTLINE_ADMIN_TOKEN',
      given: '',
      expects: `set, since the live server listens on ${host}`,
    })
  }
  if (found.length > 0) throw new ConfigError(found)
  return config as Config
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** A URL as it may be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//…@')
}
