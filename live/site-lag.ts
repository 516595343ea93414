import { bucketOf, Histogram } from '@sightline/aggregates/histogram'

/** The lag shown is that of the last seconds. */
const windowSeconds = 5
/** Sites beyond this are not measured: presence is never truth. */
const sitesMax = 1_000

interface SecondLag {
  second: number
  lag: Histogram
}

/** How long points took from the hand to this server, per site, over the last five seconds. ms. */
export class SiteLag {
  private readonly sites = new Map<number, SecondLag[]>()

  add(site: number, lagMs: number, nowMs: number): void {
    let seconds = this.sites.get(site)
    if (seconds === undefined) {
      if (this.sites.size >= sitesMax) return
      seconds = []
      this.sites.set(site, seconds)
    }
    const second = Math.floor(nowMs / 1_000)
    let newest = seconds.at(-1)
    if (newest === undefined || newest.second !== second) {
      newest = { second, lag: new Histogram() }
      seconds.push(newest)
      if (seconds.length > windowSeconds + 1) seconds.shift()
    }
    newest.lag.add(bucketOf(Math.max(0, lagMs)), 1)
  }

  quantiles(site: number, nowMs: number): { p50Ms: number | null; p99Ms: number | null } {
    const sum = new Histogram()
    const oldest = Math.floor(nowMs / 1_000) - windowSeconds
    for (const { second, lag } of this.sites.get(site) ?? []) if (second >= oldest) sum.merge(lag)
    return { p50Ms: sum.quantile(0.5), p99Ms: sum.quantile(0.99) }
  }
}
