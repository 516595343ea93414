import type { Connection } from './connection.ts'

/** The connections of one site. */
export interface SiteConnections {
  readonly siteId: number
  /** In no particular order; a connection's `place` is its index. */
  readonly list: Connection[]
  /** ms between flushes that its trackers are to keep at present. */
  flushMs: number
  /** Connections below this index have not been told of `flushMs` yet. */
  toTell: number
}

/** Number of groups in which connections are visited, one group at a time. */
export const visitGroups = 5

/** All open connections: by site, by address, and in groups for visits. Adding and removing take constant time. */
export class ConnectionTable {
  private readonly bySite = new Map<number, SiteConnections>()
  private readonly byAddress = new Map<string, number>()
  private readonly groups = Array.from({ length: visitGroups }, () => new Set<Connection>())
  private nextGroup = 0
  private readonly emptied: (() => void)[] = []
  count = 0

  /** `flushMs`: what a site's trackers are told when the connection is its first. */
  add(connection: Connection, flushMs: number): SiteConnections {
    this.count++
    this.byAddress.set(connection.address, this.ofAddress(connection.address) + 1)
    this.nextGroup = (this.nextGroup + 1) % visitGroups
    this.groups[this.nextGroup].add(connection)
    const site = this.siteOf(connection.site.id, flushMs)
    connection.place = site.list.push(connection) - 1
    return site
  }

  remove(connection: Connection): void {
    if (!this.groups.some((group) => group.delete(connection))) return
    this.count--
    const left = this.ofAddress(connection.address) - 1
    if (left > 0) this.byAddress.set(connection.address, left)
    else this.byAddress.delete(connection.address)
    this.removeFromSite(connection)
    if (this.count === 0) for (const resolve of this.emptied.splice(0)) resolve()
  }

  ofAddress(address: string): number {
    return this.byAddress.get(address) ?? 0
  }

  site(siteId: number): SiteConnections | undefined {
    return this.bySite.get(siteId)
  }

  /** Sites with at least one connection. */
  sites(): Iterable<SiteConnections> {
    return this.bySite.values()
  }

  /** One of the visitGroups groups; each connection is in exactly one. */
  group(index: number): ReadonlySet<Connection> {
    return this.groups[index % visitGroups]
  }

  /** A copy, so that connections may go while it is walked. */
  all(): Connection[] {
    return this.groups.flatMap((group) => [...group])
  }

  /** Resolves when no connection is left. */
  whenEmpty(): Promise<void> {
    return this.count === 0 ? Promise.resolve() : new Promise((resolve) => this.emptied.push(resolve))
  }

  private siteOf(siteId: number, flushMs: number): SiteConnections {
    let site = this.bySite.get(siteId)
    if (site === undefined) this.bySite.set(siteId, (site = { siteId, list: [], flushMs, toTell: 0 }))
    return site
  }

  /** The last connection takes the place of the one that goes; Attention counts on its moving down only. */
  private removeFromSite(connection: Connection): void {
    const site = this.bySite.get(connection.site.id)
    const last = site?.list.pop()
    if (site === undefined || last === undefined) return
    if (last !== connection) {
      site.list[connection.place] = last
      last.place = connection.place
    }
    site.toTell = Math.min(site.toTell, site.list.length)
    if (site.list.length === 0) this.bySite.delete(site.siteId)
  }
}
