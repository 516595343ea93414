import { limits } from '@sightline/protocol/limits'
import type { RedisConnection } from '../store/redis-connection.ts'
import type { RedisKeys } from '../store/redis-keys.ts'
import type { StageReport } from './registry.ts'

const refreshMs = 500

/**
 * Presence in Redis: keys that vanish by themselves, and a set that says which keys to look for. It is never truth: while
 * Redis is away nothing is watched and nothing reported, and nobody waits for it.
 */
export class RedisPresence {
  private readonly redis: RedisConnection
  private readonly keys: RedisKeys
  private readonly timer: NodeJS.Timeout
  private sites: ReadonlySet<number> = new Set()
  /** Until when this process's own calls of watch() hold, by its own clock: seen before Redis has been asked. */
  private readonly ownUntilMs = new Map<number, number>()
  private refreshedAtMs = -Infinity
  private refreshing = false

  constructor(redis: RedisConnection, keys: RedisKeys) {
    this.redis = redis
    this.keys = keys
    this.timer = setInterval(() => void this.refresh(), refreshMs)
    this.timer.unref()
    void this.refresh()
  }

  /** Holds for presenceMs. Without effect while Redis is away. */
  async watch(site: number): Promise<void> {
    await this.bestEffort(async () => {
      await Promise.all([
        this.redis.send(['SADD', this.keys.watchedSites(), String(site)]),
        this.redis.send(['SET', this.keys.watchedSite(site), '1', 'PX', String(limits.presenceMs)]),
      ])
      this.ownUntilMs.set(site, performance.now() + limits.presenceMs)
    })
  }

  watched(): ReadonlySet<number> {
    const nowMs = performance.now()
    const known = nowMs - this.refreshedAtMs < limits.presenceMs ? this.sites : new Set<number>()
    for (const [site, untilMs] of this.ownUntilMs) if (untilMs < nowMs) this.ownUntilMs.delete(site)
    const own = [...this.ownUntilMs.keys()].filter((site) => !known.has(site))
    return own.length === 0 ? known : new Set([...known, ...own])
  }

  /** Holds for presenceMs. Without effect while Redis is away. */
  async report(report: StageReport): Promise<void> {
    const reporter = `${report.stage}:${report.instance}`
    await this.bestEffort(async () => {
      const text = JSON.stringify(report)
      await Promise.all([
        this.redis.send(['SADD', this.keys.reporters(), reporter]),
        this.redis.send(['SET', this.keys.report(reporter), text, 'PX', String(limits.presenceMs)]),
      ])
    })
  }

  /** Rejects while Redis is away. */
  async reports(): Promise<StageReport[]> {
    const found = await this.living(this.keys.reporters(), (reporter) => this.keys.report(reporter))
    return found.map(({ value }) => JSON.parse(String(value)) as StageReport)
  }

  close(): void {
    clearInterval(this.timer)
  }

  private async refresh(): Promise<void> {
    if (this.refreshing) return
    this.refreshing = true
    await this.bestEffort(async () => {
      const found = await this.living(this.keys.watchedSites(), (site) => this.keys.watchedSite(Number(site)))
      this.sites = new Set(found.map(({ name }) => Number(name)))
      this.refreshedAtMs = performance.now()
    })
    this.refreshing = false
  }

  /** Members of a set whose own key still lives, with its value. The others are taken out of the set. */
  private async living(
    set: string,
    keyOf: (name: string) => string,
  ): Promise<{ name: string; value: Buffer }[]> {
    const names = ((await this.redis.send(['SMEMBERS', set])) as Buffer[]).map(String)
    if (names.length === 0) return []
    const values = (await this.redis.send(['MGET', ...names.map(keyOf)])) as (Buffer | null)[]
    const gone = names.filter((_, i) => values[i] === null)
    if (gone.length > 0) await this.redis.send(['SREM', set, ...gone])
    return names.flatMap((name, i) => (values[i] === null ? [] : [{ name, value: values[i] }]))
  }

  private async bestEffort(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch {
      // Presence is missing then, which is what its readers see; the data path has its own connection and says more.
    }
  }
}
