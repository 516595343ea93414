/**
 * Names of everything in Redis. All keys of a partition share a hash tag, and so a slot of a cluster; nothing spans
 * partitions.
 */
export class RedisKeys {
  private readonly prefix: string
  private readonly name: string

  /**
   * @param prefix begins every key, such as `sl:`
   * @param name of the installation, such as `sightline`: two of them can share a server
   */
  constructor(prefix: string, name: string) {
    this.prefix = prefix
    this.name = name
  }

  /** Hash with layout version and partition count, for the check at start-up. */
  layout(): string {
    return `${this.prefix}${this.name}:layout`
  }

  /** Stream of commits; ids are `<next offset>-<epoch>`. */
  log(partition: number): string {
    return `${this.base(partition)}:log`
  }

  /** Hash of a partition's buckets: name → when it vanishes (ms), or nothing. */
  buckets(partition: number, incarnation: string): string {
    return `${this.base(partition)}:${incarnation}:buckets`
  }

  /** Hash of one bucket: `b<field>` → blob, `#` → mark of the last put. */
  bucket(partition: number, incarnation: string, bucket: string): string {
    return `${this.base(partition)}:${incarnation}:bucket:${bucket}`
  }

  /** Set of the sites that were watched lately; whether one is watched now says its own key. */
  watchedSites(): string {
    return `${this.prefix}${this.name}:watched`
  }

  /** Exists while a site is watched. */
  watchedSite(site: number): string {
    return `${this.prefix}${this.name}:watched:${site}`
  }

  /** Set of the processes that reported lately. */
  reporters(): string {
    return `${this.prefix}${this.name}:reports`
  }

  /** A process's last report, while it lives. */
  report(reporter: string): string {
    return `${this.prefix}${this.name}:report:${reporter}`
  }

  private base(partition: number): string {
    return `${this.prefix}{${this.name}.${partition}}`
  }
}
