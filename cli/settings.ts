import { z } from 'zod'

/** One setting: where it comes from, what it must be, and what it is for. The only list of settings there is. */
export interface Setting {
  readonly env: string
  /** Absent for secrets: these come from the environment alone, since flags show up in process lists. */
  readonly flag?: string
  readonly schema: z.ZodType
  /** What a valid value is, for error messages and the reference. */
  readonly expects: string
  readonly default: string
  readonly purpose: string
}

/** Digits alone: an empty variable is not 0, and 1e3 not a thousand. */
export const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most))
const port = whole(0, 65_535)
const host = z.string().min(1).max(255)
const address = z.string().regex(/^(\[[0-9a-f:]+\]|[^\s:,]+):\d{1,5}$/i)

export const settings = {
  engine: {
    env: 'SIGHTLINE_ENGINE',
    flag: 'engine',
    schema: z.enum(['embedded', 'kafka']),
    expects: 'embedded or kafka',
    default: 'embedded',
    purpose: 'Where events and state live: one SQLite file in this process, or Kafka and Redis.',
  },
  dataDirectory: {
    env: 'SIGHTLINE_DATA',
    flag: 'data',
    schema: z.string().min(1).max(4_096),
    expects: 'a folder',
    default: '.sightline/data',
    purpose: 'Folder of the embedded engine’s database.',
  },
  kafkaBrokers: {
    env: 'SIGHTLINE_KAFKA_BROKERS',
    flag: 'kafka-brokers',
    schema: z
      .string()
      .transform((text) => text.split(',').map((part) => part.trim()))
      .pipe(z.array(address).min(1).max(64)),
    expects: 'host:port, several separated by commas',
    default: '127.0.0.1:9092',
    purpose: 'Kafka brokers to begin with.',
  },
  kafkaTopic: {
    env: 'SIGHTLINE_KAFKA_TOPIC',
    flag: 'kafka-topic',
    schema: z.string().regex(/^[a-zA-Z0-9._-]{1,200}$/),
    expects: 'a topic name of letters, digits, dot, dash and underscore',
    default: 'sightline.interactions',
    purpose: 'Topic of the events; settings and dead letters live in topics beside it.',
  },
  kafkaSessionTimeoutMs: {
    env: 'SIGHTLINE_KAFKA_SESSION_TIMEOUT_MS',
    flag: 'kafka-session-timeout-ms',
    schema: whole(1_000, 300_000),
    expects: 'milliseconds from 1000 to 300000',
    default: '6000',
    purpose: 'Silence after which a processor’s partitions go to another one.',
  },
  redisUrl: {
    env: 'SIGHTLINE_REDIS_URL',
    flag: 'redis-url',
    schema: z.string().regex(/^rediss?:\/\/\S+$/),
    expects: 'redis://host:port or rediss://…',
    default: 'redis://127.0.0.1:6379',
    purpose: 'Redis (or Valkey) of the live state.',
  },
  redisPrefix: {
    env: 'SIGHTLINE_REDIS_PREFIX',
    flag: 'redis-prefix',
    schema: z.string().regex(/^[a-zA-Z0-9:._-]{1,64}$/),
    expects: '1 to 64 letters, digits, colons, dots, dashes and underscores',
    default: 'sl:',
    purpose: 'Begins the name of every key; two installations on one Redis need different ones.',
  },
  gatewayHost: {
    env: 'SIGHTLINE_GATEWAY_HOST',
    flag: 'gateway-host',
    schema: host,
    expects: 'an address to listen on',
    default: '127.0.0.1',
    purpose: 'Address on which trackers are accepted.',
  },
  gatewayPort: {
    env: 'SIGHTLINE_GATEWAY_PORT',
    flag: 'gateway-port',
    schema: port,
    expects: 'a port from 0 to 65535 (0 = any free one)',
    default: '7071',
    purpose: 'Port on which trackers are accepted.',
  },
  gatewayUrl: {
    env: 'SIGHTLINE_GATEWAY_URL',
    flag: 'gateway-url',
    schema: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
    expects: 'http://… or https://…, or empty for the listening address',
    default: '',
    purpose: 'URL under which browsers reach the gateway; it stands in the snippet.',
  },
  liveHost: {
    env: 'SIGHTLINE_LIVE_HOST',
    flag: 'live-host',
    schema: host,
    expects: 'an address to listen on',
    default: '127.0.0.1',
    purpose: 'Address of dashboard and API. Anything but loopback needs SIGHTLINE_ADMIN_TOKEN.',
  },
  livePort: {
    env: 'SIGHTLINE_LIVE_PORT',
    flag: 'live-port',
    schema: port,
    expects: 'a port from 0 to 65535 (0 = any free one)',
    default: '7070',
    purpose: 'Port of dashboard and API.',
  },
  adminToken: {
    env: 'SIGHTLINE_ADMIN_TOKEN',
    schema: z.union([z.literal(''), z.string().min(16).max(256)]),
    expects: 'at least 16 characters, or empty',
    default: '',
    purpose: 'When set, every route and viewer socket of the live server asks for it.',
  },
  demoHost: {
    env: 'SIGHTLINE_DEMO_HOST',
    flag: 'demo-host',
    schema: host,
    expects: 'an address to listen on',
    default: '127.0.0.1',
    purpose: 'Address of the demo shop.',
  },
  demoPort: {
    env: 'SIGHTLINE_DEMO_PORT',
    flag: 'demo-port',
    schema: port,
    expects: 'a port from 0 to 65535 (0 = any free one)',
    default: '7072',
    purpose: 'Port of the demo shop.',
  },
  demoVisitors: {
    env: 'SIGHTLINE_DEMO_VISITORS',
    flag: 'demo-visitors',
    schema: whole(0, 2_000),
    expects: 'a number from 0 to 2000',
    default: '120',
    purpose: 'Simulated visitors in the demo shop; 0 = none.',
  },
  logLevel: {
    env: 'SIGHTLINE_LOG_LEVEL',
    flag: 'log-level',
    schema: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug']),
    expects: 'silent, fatal, error, warn, info or debug',
    default: 'warn',
    purpose: 'How much the roles log.',
  },
} satisfies Record<string, Setting>

export type SettingKey = keyof typeof settings
