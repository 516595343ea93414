import type { z } from 'zod'
import { settings, type Setting, type SettingKey } from './settings.ts'

/** All settings, checked. */
export type Config = { readonly [K in SettingKey]: z.output<(typeof settings)[K]['schema']> }

export interface BadSetting {
  /** The name under which it was given: flag or environment variable. */
  name: string
  given: string
  expects: string
}

/** Lists every bad setting, not the first alone. */
export class ConfigError extends Error {
  readonly bad: readonly BadSetting[]
  constructor(bad: BadSetting[]) {
    super(bad.map((one) => `${one.name} is ${JSON.stringify(one.given)}; it should be ${one.expects}`).join('\n'))
    this.bad = bad
  }
}

/**
 * Flags win over the environment, the environment over defaults.
 * Throws ConfigError with every bad setting, unknown `SIGHTLINE_…` variables included (a misspelt one would otherwise
 * be ignored silently).
 */
export function readConfig(flags: Record<string, string | undefined>, env: Record<string, string | undefined>): Config {
  const bad: BadSetting[] = []
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
      bad.push({ name, given: setting.flag === undefined ? '(hidden)' : given, expects: setting.expects })
    }
  }
  for (const name of Object.keys(env)) {
    if (name.startsWith('SIGHTLINE_') && !known.has(name)) {
      bad.push({ name, given: env[name] ?? '', expects: 'absent: there is no such setting' })
    }
  }
  const host = config.liveHost
  if (typeof host === 'string' && !isLoopback(host) && config.adminToken === '') {
    bad.push({ name: 'SIGHTLINE_ADMIN_TOKEN', given: '', expects: `set, since the live server listens on ${host}` })
  }
  if (bad.length > 0) throw new ConfigError(bad)
  return config as Config
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
