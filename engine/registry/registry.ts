/**
 * Settings (durable: sites, write keys, origins) and presence (never truth: who is watched, how the stages are).
 * Implementations: kafka-settings + redis-presence, and embedded; suite: registry.contract.ts.
 */
export interface Registry {
  /** All sites at present, by id; kept up to date until closed. Reads are synchronous: the hot path uses them. */
  site(id: number): Site | undefined
  siteByKey(writeKey: string): Site | undefined
  sites(): Site[]
  /** Stores a site, durable and visible to every process soon after (own process: at once). */
  putSite(site: Site): Promise<void>

  /** Says that a site is being looked at; holds for presenceMs. */
  watch(site: number): Promise<void>
  /** Sites being looked at now, at most one second old. Synchronous. */
  watched(): ReadonlySet<number>

  /** Publishes a stage's own figures; holds for presenceMs. */
  report(report: StageReport): Promise<void>
  /** Reports of all live processes. */
  reports(): Promise<StageReport[]>

  close(): Promise<void>
}

export interface Site {
  /** 1 … 2^31-1 */
  id: number
  name: string
  /** Public key in the snippet: `<id>-<16 or more letters and digits>`. */
  writeKey: string
  /** Allowed values of the Origin header, exact (`https://shop.example`); `*` allows any. */
  origins: string[]
  /** IANA time zone in which its days are cut; fixed at creation. */
  timeZone: string
}

export interface StageReport {
  stage: 'gateway' | 'processor' | 'live'
  /** Unique per process. */
  instance: string
  atMs: number
  /** Named figures with the unit last in the name, such as appendP99Ms, pendingRecords, eventsPerSecond. */
  figures: Record<string, number>
}
