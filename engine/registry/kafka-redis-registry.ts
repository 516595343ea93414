import { RedisConnection } from '../store/redis-connection.ts'
import { RedisKeys } from '../store/redis-keys.ts'
import { KafkaSettings } from './kafka-settings.ts'
import { RedisPresence } from './redis-presence.ts'
import type { Registry, Site, StageReport } from './registry.ts'

export interface KafkaRedisRegistryOptions {
  brokers: string[]
  /** Topic of the settings; must exist. */
  topic: string
  clientId: string
  redisUrl: string
  /** Begins every key in Redis. Default `sl:`. */
  redisPrefix?: string
  /** Of the installation: several can share one Redis. */
  name: string
  /** How long the first connection to Redis may take, ms. */
  msMax: number
  warn?: (line: string) => void
}

/** Reads the settings and starts to follow them. */
export async function openKafkaRedisRegistry(
  options: KafkaRedisRegistryOptions,
): Promise<KafkaRedisRegistry> {
  const warn = options.warn ?? ((line: string) => process.emitWarning(line))
  const redis = await RedisConnection.open({ url: options.redisUrl, msMax: options.msMax, warn })
  try {
    const settings = await KafkaSettings.open(options)
    const presence = new RedisPresence(redis, new RedisKeys(options.redisPrefix ?? 'sl:', options.name))
    return new KafkaRedisRegistry(settings, presence, redis)
  } catch (error) {
    redis.close()
    throw error
  }
}

/** See Registry: settings in Kafka, so that they outlive an emptied Redis; presence in Redis. */
export class KafkaRedisRegistry implements Registry {
  private readonly settings: KafkaSettings
  private readonly presence: RedisPresence
  private readonly redis: RedisConnection
  private closing: Promise<void> | null = null

  constructor(settings: KafkaSettings, presence: RedisPresence, redis: RedisConnection) {
    this.settings = settings
    this.presence = presence
    this.redis = redis
  }

  site(id: number): Site | undefined {
    return this.settings.site(id)
  }

  siteByKey(writeKey: string): Site | undefined {
    return this.settings.siteByKey(writeKey)
  }

  sites(): Site[] {
    return this.settings.sites()
  }

  putSite(site: Site): Promise<void> {
    return this.settings.put(site)
  }

  watch(site: number): Promise<void> {
    return this.presence.watch(site)
  }

  watched(): ReadonlySet<number> {
    return this.presence.watched()
  }

  report(report: StageReport): Promise<void> {
    return this.presence.report(report)
  }

  reports(): Promise<StageReport[]> {
    return this.presence.reports()
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll()
    return this.closing
  }

  private async closeAll(): Promise<void> {
    this.presence.close()
    this.redis.close()
    await this.settings.close()
  }
}
