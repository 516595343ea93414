import { limits } from '@sightline/protocol/limits'
import type { EmbeddedDatabase } from '../embedded/embedded-database.ts'
import { ExpiringMap } from './expiring-map.ts'
import type { Registry, Site, StageReport } from './registry.ts'
import { checkSite, copySite } from './site-rules.ts'

/** Settings in the table `sites` of the embedded database; presence in memory: the engine lives in one process. */
export class EmbeddedRegistry implements Registry {
  private readonly database: EmbeddedDatabase
  private readonly byId = new Map<number, Site>()
  private readonly byKey = new Map<string, Site>()
  private readonly watchedSites: ExpiringMap<number, null>
  private readonly stageReports: ExpiringMap<string, StageReport>
  private watchedSet: ReadonlySet<number> = new Set()
  /** Stores one site after another, so that each is checked against what is stored. */
  private storing: Promise<unknown> = Promise.resolve()
  private closed = false

  /** @param now ms of a clock that never goes back */
  static async open(
    database: EmbeddedDatabase,
    now: () => number = () => performance.now(),
  ): Promise<EmbeddedRegistry> {
    const registry = new EmbeddedRegistry(database, now)
    for (const site of await database.call('sites', null)) registry.keep(site)
    return registry
  }

  private constructor(database: EmbeddedDatabase, now: () => number) {
    this.database = database
    this.watchedSites = new ExpiringMap(limits.presenceMs, limits.sitesMax, now)
    this.stageReports = new ExpiringMap(limits.presenceMs, limits.reportsMax, now)
  }

  site(id: number): Site | undefined {
    return this.byId.get(id)
  }

  siteByKey(writeKey: string): Site | undefined {
    return this.byKey.get(writeKey)
  }

  sites(): Site[] {
    return [...this.byId.values()].sort((a, b) => a.id - b.id)
  }

  putSite(site: Site): Promise<void> {
    const copy = copySite(site)
    const stored = this.storing.then(() => this.store(copy))
    this.storing = stored.catch(() => {})
    return stored
  }

  async watch(site: number): Promise<void> {
    this.watchedSites.set(site, null)
    this.watchedSet = new Set(this.watchedSites.keys())
  }

  watched(): ReadonlySet<number> {
    if (this.watchedSites.expire()) this.watchedSet = new Set(this.watchedSites.keys())
    return this.watchedSet
  }

  async report(report: StageReport): Promise<void> {
    this.stageReports.set(`${report.stage} ${report.instance}`, { ...report, figures: { ...report.figures } })
  }

  async reports(): Promise<StageReport[]> {
    return this.stageReports.values()
  }

  async close(): Promise<void> {
    this.closed = true
    await this.storing
  }

  private async store(site: Site): Promise<void> {
    if (this.closed) throw new Error('the registry is closed')
    checkSite(site, this.byId.get(site.id), this.byId.size)
    await this.database.call('putSite', site)
    this.keep(site)
  }

  private keep(site: Site): void {
    const before = this.byId.get(site.id)
    if (before !== undefined) this.byKey.delete(before.writeKey)
    this.byId.set(site.id, site)
    this.byKey.set(site.writeKey, site)
  }
}
