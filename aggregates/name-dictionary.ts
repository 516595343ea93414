import { limits } from '@sightline/protocol/limits'
import type { ByteReader, ByteWriter } from './binary.ts'

/** What names beyond the cap count as. */
export const otherName = '*other*'

/** A page or referrer of one site; equal names of a partition are the same object. */
export interface Name {
  readonly site: number
  readonly text: string
  /** UTF-8. */
  readonly bytes: Uint8Array
  readonly hash: number
  /** The delta that last used this name, and its place in that delta's table: kept here to save a look-up per batch. */
  usedIn: object | null
  tableIndex: number
}

interface SiteNames {
  readonly names: Name[]
  readonly other: Name
  /** `names` before this are in the private part of a commit. */
  encoded: number
}

/**
 * The names (pages or referrers) that a site may use, first come, up to a cap per site and one per partition; the rest
 * count as `*other*` (SPEC.md, rules N…). Which names get in depends on the record order alone, so the dictionary is
 * part of a partition's private memory. It begins anew each day, so that yesterday's scanner can't keep pages out.
 *
 * Look-ups are by bytes and allocate nothing for a name that is known.
 */
export class NameDictionary {
  readonly #perSiteMax: number
  #sites = new Map<number, SiteNames>()
  /** Open addressing: index + 1 into #all, 0 = free. A power of two, at most half full. */
  #slots = new Int32Array(256)
  #all: Name[] = []

  constructor(perSiteMax: number) {
    this.#perSiteMax = perSiteMax
  }

  get size(): number {
    return this.#all.length
  }

  /** The name in bytes[start, end), taken in when there is room, else the site's `*other*`. */
  lookup(site: number, bytes: Uint8Array, start: number, end: number): Name {
    const hash = hashOf(site, bytes, start, end)
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const index = this.#slots[slot]
      if (index === 0) break
      const name = this.#all[index - 1]
      if (name.hash === hash && name.site === site && equal(name.bytes, bytes, start, end)) return name
    }
    const ofSite = this.#site(site)
    if (ofSite.names.length >= this.#perSiteMax || this.#all.length >= limits.namesPerPartitionMax)
      return ofSite.other
    return this.#add(ofSite, newName(site, bytes.slice(start, end), hash))
  }

  /** Forgets all names. */
  clear(): void {
    this.#sites = new Map()
    this.#slots = new Int32Array(256)
    this.#all = []
  }

  /** Names taken in since the last call, to be replayed by decodeChanges in the same order. */
  encodeChanges(out: ByteWriter): void {
    const changed = [...this.#sites].filter(([, ofSite]) => ofSite.encoded < ofSite.names.length)
    out.varint(changed.length)
    for (const [site, ofSite] of changed) {
      out.varint(site)
      out.varint(ofSite.names.length - ofSite.encoded)
      for (let i = ofSite.encoded; i < ofSite.names.length; i++) out.bytes(ofSite.names[i].bytes)
      ofSite.encoded = ofSite.names.length
    }
  }

  /** Takes in what encodeChanges wrote; names that are known already are left as they are. Returns the sites. */
  decodeChanges(from: ByteReader): number[] {
    const sites: number[] = []
    for (let count = from.count(); count > 0; count--) {
      const site = from.varint()
      sites.push(site)
      for (let names = from.count(); names > 0; names--) {
        const bytes = from.bytes()
        this.lookup(site, bytes, 0, bytes.length)
      }
      this.#markEncoded(site)
    }
    return sites
  }

  /** Sites with names that no private part holds yet. */
  *changedSites(): Iterable<number> {
    for (const [site, ofSite] of this.#sites) if (ofSite.encoded < ofSite.names.length) yield site
  }

  /** All names of a site, in the order in which they came. */
  encodeSite(site: number, out: ByteWriter): void {
    const names = this.#sites.get(site)?.names ?? []
    out.varint(names.length)
    for (const name of names) out.bytes(name.bytes)
  }

  decodeSite(site: number, from: ByteReader): void {
    for (let count = from.count(); count > 0; count--) {
      const bytes = from.bytes()
      this.lookup(site, bytes, 0, bytes.length)
    }
    this.#markEncoded(site)
  }

  #markEncoded(site: number): void {
    const ofSite = this.#site(site)
    ofSite.encoded = ofSite.names.length
  }

  #site(site: number): SiteNames {
    let ofSite = this.#sites.get(site)
    if (ofSite === undefined) {
      const bytes = new TextEncoder().encode(otherName)
      ofSite = { names: [], other: newName(site, bytes, 0), encoded: 0 }
      this.#sites.set(site, ofSite)
    }
    return ofSite
  }

  #add(ofSite: SiteNames, name: Name): Name {
    if ((this.#all.length + 1) * 2 > this.#slots.length) this.#grow()
    ofSite.names.push(name)
    this.#all.push(name)
    this.#place(name.hash, this.#all.length)
    return name
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    this.#all.forEach((name, index) => this.#place(name.hash, index + 1))
  }

  #place(hash: number, value: number): void {
    const mask = this.#slots.length - 1
    let slot = hash & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = value
  }
}

function newName(site: number, bytes: Uint8Array, hash: number): Name {
  return { site, text: new TextDecoder().decode(bytes), bytes, hash, usedIn: null, tableIndex: 0 }
}

/** FNV-1a over site and bytes, with a final mix for the low bits. */
function hashOf(site: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 ^ site
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
  return (hash ^ (hash >>> 15)) | 0
}

function equal(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false
  return true
}
