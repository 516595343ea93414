import { limits } from '@sightline/protocol/limits'
import { ByteReader, type ByteWriter } from './binary.ts'
import type { Layout } from './layout.ts'
import type { Name } from './name-dictionary.ts'
import { minuteMs } from './time-buckets.ts'

/**
 * The public delta of one commit: format byte, header, tables, then sections [id, length, bytes]. Readers skip sections
 * that they don't know. The tables hold what several sections refer to: the pages, and the groups (minute, page,
 * layout) into which batches fell.
 */
export const deltaFormat = 1

export interface DeltaHeader {
  /** The partition's watermark after the commit, ms. */
  watermarkMs: number
  /** Receive times of the newest and oldest record that was folded, ms; 0 = none was. */
  newestRecordMs: number
  oldestRecordMs: number
  /** Batches and events folded. */
  batches: number
  events: number
}

export interface DeltaPage {
  readonly site: number
  readonly page: string
}

export interface DeltaGroup extends DeltaPage {
  readonly minuteMs: number
  readonly layout: Layout
}

export interface DeltaTables {
  readonly pages: readonly DeltaPage[]
  readonly groups: readonly DeltaGroup[]
}

/** Collects the tables while a commit is folded. */
export class DeltaTableWriter {
  #pages: Name[] = []
  /** Of the current delta; names remember it together with their index. */
  #token: object = {}
  #minutes: number[] = []
  #lastMinute = 0
  #groups = new Map<number, number>()
  /** Three numbers per group: minute index, page index, layout. */
  #groupParts: number[] = []

  /** The next batch might not fit any more. */
  get isFull(): boolean {
    return this.#groups.size >= limits.draftGroupsMax || this.#pages.length >= limits.draftGroupsMax
  }

  /** Index of a page in this delta. */
  page(name: Name): number {
    if (name.usedIn !== this.#token) {
      name.usedIn = this.#token
      name.tableIndex = this.#pages.length
      this.#pages.push(name)
    }
    return name.tableIndex
  }

  /** Index of a group in this delta. */
  group(startMs: number, pageIndex: number, layout: Layout): number {
    // 13 bits of minute, 14 of page, 2 of layout: a small integer, the fastest key. isFull keeps within that.
    const minute = this.#minuteIndex(startMs)
    const key = (minute << 16) | (pageIndex << 2) | layout
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = this.#groups.size
      this.#groups.set(key, group)
      this.#groupParts.push(minute, pageIndex, layout)
    }
    return group
  }

  get groupCount(): number {
    return this.#groups.size
  }

  encode(out: ByteWriter): void {
    out.varint(this.#pages.length)
    for (const name of this.#pages) {
      out.varint(name.site)
      out.bytes(name.bytes)
    }
    const parts = this.#groupParts
    out.varint(this.#groups.size)
    for (let at = 0; at < parts.length; at += 3) {
      out.varint(this.#minutes[parts[at]] / minuteMs)
      out.varint(parts[at + 1])
      out.u8(parts[at + 2])
    }
  }

  clear(): void {
    this.#pages = []
    this.#token = {}
    this.#minutes = []
    this.#lastMinute = 0
    this.#groups.clear()
    this.#groupParts = []
  }

  #minuteIndex(startMs: number): number {
    if (this.#minutes[this.#lastMinute] === startMs) return this.#lastMinute
    let index = this.#minutes.indexOf(startMs)
    if (index < 0) index = this.#minutes.push(startMs) - 1
    this.#lastMinute = index
    return index
  }
}

export function encodeHeader(header: DeltaHeader, out: ByteWriter): void {
  out.u8(deltaFormat)
  out.varint(header.watermarkMs)
  out.varint(header.newestRecordMs)
  out.varint(header.oldestRecordMs)
  out.varint(header.batches)
  out.varint(header.events)
}

/** Throws RangeError for another format or a cut header. */
export function decodeHeader(from: ByteReader): DeltaHeader {
  const format = from.u8()
  if (format !== deltaFormat)
    throw new RangeError(`delta format ${format}, this program reads ${deltaFormat}`)
  return {
    watermarkMs: from.varint(),
    newestRecordMs: from.varint(),
    oldestRecordMs: from.varint(),
    batches: from.varint(),
    events: from.varint(),
  }
}

/** The header alone, for lag and monitoring. */
export function readDeltaHeader(delta: Uint8Array): DeltaHeader {
  return decodeHeader(new ByteReader(delta))
}

export function decodeTables(from: ByteReader): DeltaTables {
  const pages: DeltaPage[] = []
  for (let count = from.count(2); count > 0; count--) pages.push({ site: from.varint(), page: from.string() })
  const groups: DeltaGroup[] = []
  for (let count = from.count(3); count > 0; count--) {
    const startMs = from.varint() * minuteMs
    const { site, page } = pages[from.varint()]
    groups.push({ site, page, minuteMs: startMs, layout: (from.u8() & 3) as Layout })
  }
  return { pages, groups }
}
