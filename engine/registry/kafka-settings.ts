import { setTimeout as sleep } from 'node:timers/promises'
import type { RecordsBatch } from '@platformatic/kafka'
import { KafkaCluster, withRetry } from '../kafka/kafka-cluster.ts'
import { KafkaPartitionReader } from '../log/kafka-partition-reader.ts'
import { KafkaProducer } from '../log/kafka-producer.ts'
import type { Site } from './registry.ts'
import { checkSite, copySite } from './site-rules.ts'

const startMsMax = 15_000
const retryMs = 500
const followPace = { waitMs: 500, bytesMin: 1 }
const startPace = { waitMs: 100, bytesMin: 1 }
const siteKey = /^site:(\d+)$/

/** A site as it stands in the topic. `offset` tells which of two writes is the later one. */
interface StoredSite {
  site: Site
  offset: number
}

/**
 * Sites in a compacted topic of one partition: key `site:<id>`, value JSON. Read to its end at the start and followed from
 * there; the order of the records is the order of the writes, for every process alike.
 */
export class KafkaSettings {
  private readonly topic: string
  private readonly cluster: KafkaCluster
  private readonly producer: KafkaProducer
  private readonly reader: KafkaPartitionReader
  private readonly stored = new Map<number, StoredSite>()
  private readonly idByKey = new Map<string, number>()
  /** Sites that are being written for the first time: they count towards the limit. */
  private readonly arriving = new Map<number, Site>()
  private following: Promise<void> = Promise.resolve()
  private closed = false

  private constructor(options: { brokers: string[]; topic: string; clientId: string }) {
    this.topic = options.topic
    this.cluster = new KafkaCluster(options)
    this.producer = new KafkaProducer({ ...options, partitions: 1, lingerMs: 1 })
    this.reader = new KafkaPartitionReader(this.cluster, options.topic, 0)
  }

  /** Reads all settings; rejects when no broker answers within 15 s. */
  static async open(options: { brokers: string[]; topic: string; clientId: string }): Promise<KafkaSettings> {
    const settings = new KafkaSettings(options)
    try {
      const next = await withRetry(`topic ${options.topic}`, startMsMax, () => settings.readToEnd())
      settings.following = settings.follow(next)
      return settings
    } catch (error) {
      await settings.close()
      throw error
    }
  }

  site(id: number): Site | undefined {
    return this.stored.get(id)?.site
  }

  siteByKey(writeKey: string): Site | undefined {
    const id = this.idByKey.get(writeKey)
    return id === undefined ? undefined : this.site(id)
  }

  /** Ordered by id. */
  sites(): Site[] {
    return [...this.stored.values()].map(({ site }) => site).sort((a, b) => a.id - b.id)
  }

  /** Resolves when the site is durable. Rejects with a RangeError when it is invalid: see site-rules.ts. */
  async put(given: Site): Promise<void> {
    if (this.closed) throw new Error('the settings are closed')
    const site = copySite(given)
    const known = this.site(site.id) ?? this.arriving.get(site.id)
    checkSite(site, known, this.stored.size + this.arriving.size)
    if (known === undefined) this.arriving.set(site.id, site)
    try {
      this.keep(site, await this.write(site))
    } finally {
      if (known === undefined) this.arriving.delete(site.id)
    }
  }

  async close(): Promise<void> {
    this.closed = true
    await this.producer.close()
    await this.reader.close()
    await this.following
    await this.cluster.close()
  }

  private write(site: Site): Promise<number> {
    return new Promise((resolve, reject) => {
      const key = Buffer.from(`site:${site.id}`)
      const value = Buffer.from(JSON.stringify(site))
      const settle = (error: Error | null, offset: number): void => (error ? reject(error) : resolve(offset))
      // The broker stamps this topic; the time that goes with the record is not used.
      if (!this.producer.append(0, key, value, 0, settle))
        reject(new Error('no more settings can be written at present'))
    })
  }

  private async readToEnd(): Promise<number> {
    const { start, end } = await this.reader.bounds()
    let offset = start
    while (offset < end) {
      const read = await this.reader.read(offset, startPace)
      this.keepAll(read.batches)
      // Nothing more, though the end isn't reached: what was there has been compacted away.
      if (read.next === offset) break
      offset = read.next
    }
    return Math.max(offset, end)
  }

  private async follow(from: number): Promise<void> {
    let offset = from
    while (!this.closed) {
      try {
        const read = await this.reader.read(offset, followPace)
        this.keepAll(read.batches)
        offset = read.next
      } catch {
        // The brokers are away: what is known stays, and the next round asks again.
        if (!this.closed) await sleep(retryMs)
      }
    }
  }

  private keepAll(batches: RecordsBatch[]): void {
    for (const batch of batches) {
      for (const record of batch.records) {
        const key = siteKey.exec(String(record.key))
        if (key === null || record.value === null) continue
        const offset = Number(batch.firstOffset) + record.offsetDelta
        const site = this.parse(Number(key[1]), record.value, offset)
        if (site !== null) this.keep(site, offset)
      }
    }
  }

  private parse(id: number, value: Buffer, offset: number): Site | null {
    try {
      const site = copySite(JSON.parse(String(value)) as Site)
      checkSite(site, undefined, 0)
      if (site.id !== id) throw new RangeError(`it names site ${site.id}`)
      return site
    } catch (error) {
      // Not written by this program; one such record must not keep every process from starting.
      process.emitWarning(`topic ${this.topic}, offset ${offset}: not a site, ignored (${error})`)
      return null
    }
  }

  private keep(site: Site, offset: number): void {
    const before = this.stored.get(site.id)
    // Our own write is kept at once, and comes by again later; so may older ones of others.
    if (before !== undefined && offset >= 0 && before.offset > offset) return
    if (before !== undefined) this.idByKey.delete(before.site.writeKey)
    Object.freeze(site.origins)
    this.stored.set(site.id, { site: Object.freeze(site), offset: Math.max(offset, before?.offset ?? 0) })
    this.idByKey.set(site.writeKey, site.id)
  }
}
