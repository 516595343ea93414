import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'
import { commands, usage, type Command } from './commands.ts'
import { ConfigError, isLoopback, readConfig, withoutPassword } from './config.ts'
import { configReference } from './config-reference.ts'
import { exitBadUsage, explain } from './explain.ts'
import { readLoadOptions } from './load/load-options.ts'
import { settings, type Setting } from './settings.ts'

function errorOf(read: () => unknown): ConfigError {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('nothing was wrong')
}

test('[CL1] without anything every setting has its default, and each default is valid', () => {
  const config = readConfig({}, {})
  expect(Object.keys(config)).toEqual(Object.keys(settings))
  expect(config).toMatchObject({
    engine: 'embedded',
    livePort: 7070,
    gatewayPort: 7071,
    demoPort: 7072,
    adminToken: '',
  })
  expect(config.kafkaBrokers).toEqual(['127.0.0.1:9092'])
})

test('[CL1] flags win over the environment, the environment over defaults', () => {
  const env = { SIGHTLINE_LIVE_PORT: '8000', SIGHTLINE_GATEWAY_PORT: '8001', HOME: '/home/somebody' }
  expect(readConfig({ 'live-port': '9000' }, env)).toMatchObject({
    livePort: 9_000,
    gatewayPort: 8_001,
    demoPort: 7_072,
  })
})

test('[CL2] everything that is wrong is listed, with its name, what was given and what it should be; exit code 2', () => {
  const flags = { engine: 'mongo', 'live-port': '70000', 'kafka-brokers': 'localhost', 'demo-visitors': '-1' }
  const env = {
    SIGHTLINE_LOG_LEVEL: 'loud',
    SIGHTLINE_REDIS_URL: 'http://x',
    SIGHTLINE_GATEWAY_URL: 'shop',
    SIGHTLINE_PORTS: '1',
  }
  const error = errorOf(() => readConfig(flags, env))
  expect(error.bad.map(({ name }) => name)).toEqual([
    '--engine',
    '--kafka-brokers',
    'SIGHTLINE_REDIS_URL',
    'SIGHTLINE_GATEWAY_URL',
    '--live-port',
    '--demo-visitors',
    'SIGHTLINE_LOG_LEVEL',
    'SIGHTLINE_PORTS',
  ])
  expect(error.message.split('\n')).toHaveLength(8)
  expect(error.message).toContain(
    '--live-port is "70000"; it should be a port from 0 to 65535 (0 = any free one)',
  )
  expect(error.message).toContain('SIGHTLINE_PORTS should be absent: there is no such setting')
  expect(explain(error)).toEqual({ text: error.message, code: exitBadUsage })
})

test('[CL2] an empty variable was taken for port 0, and 1e3 for a thousand', () => {
  for (const given of ['', ' ', '1e3', '0x50', '80.5', '+80', 'true', '99999999999']) {
    expect(errorOf(() => readConfig({}, { SIGHTLINE_LIVE_PORT: given })).bad, given).toHaveLength(1)
  }
  expect(readConfig({ 'live-port': '0' }, {}).livePort).toBe(0)
})

test('[CL2] unknown flags, words, flags of other commands, and values that are missing or too many', () => {
  const wrong = (command: Command, ...words: string[]) =>
    readArguments(command, words).bad.map(({ name, expects }) => `${name}: ${expects}`)
  expect(wrong('up', '--demo', '--live-port', '80', '--data=/x')).toEqual([])
  expect(wrong('up', '--live-prot', '80', '--rate=5')).toEqual([
    '--live-prot: absent: up has no such flag',
    '80: absent: up takes flags only',
    '--rate: absent: up has no such flag',
  ])
  expect(wrong('load', '--rate', '5', '--json', '--site=2')).toEqual([])
  expect(wrong('load', '--demo')).toEqual(['--demo: absent: load has no such flag'])
  expect(wrong('up', '--demo=yes', '--data')).toEqual([
    '--demo: without a value',
    '--data: followed by a value',
  ])
  expect(readArguments('load', ['--rate', '5', '--rate=7', '--json']).values).toEqual({ rate: '7' })
})

test('[CL2] options of the load, with what they should be', () => {
  expect(readLoadOptions({})).toEqual({ rate: 10_000, visitors: 200, seconds: 10, frame: 30, site: 3 })
  const error = errorOf(() => readLoadOptions({ rate: 'fast', visitors: '0', seconds: '', frame: '501' }))
  expect(error.message.split('\n')).toEqual([
    '--rate is "fast"; it should be a whole number from 1 to 10000000',
    '--visitors is "0"; it should be a whole number from 1 to 20000',
    '--seconds should be a whole number from 1 to 86400',
    '--frame is "501"; it should be a whole number from 1 to 500',
  ])
})

test('[CL3] secrets are in no message: wrong ones, those under a misspelt name, those in a URL or handed over as a flag', () => {
  const secret = 'hunter2hunter2'
  const env = {
    SIGHTLINE_ADMIN_TOKEN: 'hunter2',
    SIGHTLINE_ADMIN_TOKN: secret,
    SIGHTLINE_REDIS_URL: `http://me:${secret}@redis/0`,
  }
  const { message } = errorOf(() => readConfig({}, env, readArguments('up', [`--admin-token=${secret}`]).bad))
  expect(message).not.toContain('hunter2')
  expect(message.split('\n')).toHaveLength(4)
  expect(withoutPassword('redis://me:pass@host:6379/1')).toBe('redis://…@host:6379/1')
  expect(withoutPassword('redis://host:6379')).toBe('redis://host:6379')
  for (const setting of Object.values<Setting>(settings)) {
    if (/TOKEN|PASSWORD|SECRET/.test(setting.env)) expect(setting.flag, setting.env).toBeUndefined()
  }
})

test('[CL4] a live server that others can reach needs a token', () => {
  const error = errorOf(() => readConfig({ 'live-host': '0.0.0.0' }, {}))
  expect(error.message).toBe('SIGHTLINE_ADMIN_TOKEN should be set, since the live server listens on 0.0.0.0')
  expect(readConfig({ 'live-host': '0.0.0.0' }, { SIGHTLINE_ADMIN_TOKEN: 'a'.repeat(16) }).liveHost).toBe(
    '0.0.0.0',
  )
  expect(['localhost', '127.0.0.1', '127.8.8.8', '::1'].every(isLoopback)).toBe(true)
  expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.evil.example', 'example.org', ''].some(isLoopback)).toBe(
    false,
  )
})

test('[CL5] docs/config.md is what config-reference prints', () => {
  expect(readFileSync(new URL('../docs/config.md', import.meta.url), 'utf8')).toBe(configReference())
  for (const { env } of Object.values(settings)) expect(configReference()).toContain(`| \`${env}\` |`)
})

test('[CL7] a taken port is told with the settings that name it, what the machine lacks in words, a fault of ours with its stack', () => {
  const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', port: 7071 })
  expect(explain(taken)).toEqual({
    text: 'Port 7071 is taken: stop what listens there, or choose another with --gateway-port, --live-port or --demo-port.',
    code: 2,
  })
  expect(explain(Object.assign(new Error('x'), { code: 'EACCES', port: 80 })).text).toContain(
    'Port 80 may not be used',
  )
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:9092')
  expect(explain(new Error('Kafka can’t be reached', { cause }))).toEqual({
    text: 'Kafka can’t be reached (connect ECONNREFUSED 127.0.0.1:9092)',
    code: 1,
  })
  expect(explain(new TypeError('x is undefined')).text).toMatch(/config\.test/)
  expect(explain('odd')).toEqual({ text: 'odd', code: 1 })
})

test('[CL6] the help names every command', () => {
  for (const name of Object.keys(commands)) expect(usage()).toContain(`  ${name} `)
})
