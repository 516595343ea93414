import type { Aggregate } from './aggregate.ts'
import type { ByteWriter } from './binary.ts'
import { DistinctHashes } from './distinct-hashes.ts'
import { days, hours } from './time-buckets.ts'

/**
 * Distinct sessions of a site and of each page, by hour and day (SPEC.md, rules U…). A session lies wholly in one
 * partition, so counts of partitions add up, while those of hours have to be merged.
 */
export const sessionsField = {
  site: (site: number) => `${site}/site`,
  page: (site: number, page: string) => `${site}/page/${page}`,
}

/** (group, session) pairs of the delta, each once. */
class SessionsDraft {
  count = 0
  group = new Uint32Array(256)
  hash = new Float64Array(256)
  /** Open addressing: pair + 1, 0 = free; at most half full. */
  slots = new Int32Array(512)

  add(group: number, hash: number, hashLow: number): void {
    const mask = this.slots.length - 1
    let slot = (hashLow ^ Math.imul(group, 0x9e3779b1)) & mask
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const pair = this.slots[slot] - 1
      if (this.hash[pair] === hash && this.group[pair] === group) return
    }
    if (this.count === this.group.length) {
      this.#grow()
      this.add(group, hash, hashLow)
      return
    }
    this.group[this.count] = group
    this.hash[this.count] = hash
    this.slots[slot] = ++this.count
  }

  clear(): void {
    // After a large commit (catching up) don't go on clearing a large table.
    if (this.count * 16 < this.slots.length && this.slots.length > 16_384) this.#reset()
    else this.slots.fill(0)
    this.count = 0
  }

  #reset(): void {
    this.group = new Uint32Array(256)
    this.hash = new Float64Array(256)
    this.slots = new Int32Array(512)
  }

  #grow(): void {
    const { group, hash, count } = this
    this.group = new Uint32Array(count * 2)
    this.hash = new Float64Array(count * 2)
    this.slots = new Int32Array(count * 4)
    this.count = 0
    for (let pair = 0; pair < count; pair++)
      this.add(group[pair], hash[pair], (hash[pair] % 0x1_0000_0000) | 0)
  }
}

export const sessions: Aggregate<SessionsDraft, DistinctHashes> = {
  name: 'sessions',
  section: 4,
  resolutions: [hours, days],

  createDraft: () => new SessionsDraft(),
  fold(draft, input) {
    for (let i = 0; i < input.segmentCount; i++) {
      draft.add(input.segments[i].group, input.sessionHash, input.sessionLo | 0)
    }
  },
  isEmpty: (draft) => draft.count === 0,

  encodeDelta,
  clear: (draft) => draft.clear(),

  apply(section, tables, cells) {
    for (let left = section.count(); left > 0; left--) {
      const { site, page, minuteMs } = tables.groups[section.varint()]
      const into = [
        ...cells.touch(sessionsField.site(site), minuteMs),
        ...cells.touch(sessionsField.page(site, page), minuteMs),
      ]
      for (let hashes = section.count(); hashes > 0; hashes--) {
        const hash = section.varint()
        for (const cell of into) cell.add(hash)
      }
    }
  },

  createCell: () => new DistinctHashes(),
  encodeCell: (cell, out) => cell.encode(out),
  decodeCell(bytes) {
    const cell = new DistinctHashes()
    cell.decode(bytes)
    return cell
  },
  merge: (into, from) => into.merge(from),
}

/** The sessions of each group together. */
function encodeDelta(draft: SessionsDraft, out: ByteWriter): void {
  const pairs = Array.from({ length: draft.count }, (_, pair) => pair).sort(
    (a, b) => draft.group[a] - draft.group[b],
  )
  let groups = 0
  for (let i = 0; i < pairs.length; i++)
    if (i === 0 || draft.group[pairs[i]] !== draft.group[pairs[i - 1]]) groups++
  out.varint(groups)
  for (let start = 0; start < pairs.length;) {
    const group = draft.group[pairs[start]]
    let end = start
    while (end < pairs.length && draft.group[pairs[end]] === group) end++
    out.varint(group)
    out.varint(end - start)
    for (; start < end; start++) out.varint(draft.hash[pairs[start]])
  }
}
