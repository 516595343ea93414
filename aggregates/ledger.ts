import type { Ledger } from '@sightline/protocol/live-frames'
import type { Aggregate, CellAccess } from './aggregate.ts'
import type { ByteReader, ByteWriter } from './binary.ts'

/**
 * Absolute totals per site since it exists, in events (SPEC.md, rules A…). Lanes are counted as lanes, `batches` as
 * batches. A field's place in this list is its number in deltas and blobs: append only.
 */
export const ledgerFields = [
  'received',
  'counted',
  'duplicate',
  'tooOld',
  'excluded',
  'deadLettered',
  'sealed',
  'lost',
  'lostRing',
  'lostRefused',
  'thinned',
  'lanes',
  'lanesFinished',
  'batches',
  'deadLetteredBatches',
] as const
export type LedgerField = (typeof ledgerFields)[number]

const fieldCount = ledgerFields.length
const numberOf = Object.fromEntries(ledgerFields.map((field, index) => [field, index])) as Record<
  LedgerField,
  number
>

/** Differences since the last commit. */
export class LedgerDraft {
  readonly #sites = new Map<number, LedgerCell>()
  #lastSite = -1
  #last = new Float64Array(fieldCount)

  /** Events that reached the processor: added once per record, before any verdict. */
  received(site: number, events: number): void {
    this.add(site, 'received', events)
    this.add(site, 'batches', 1)
  }

  counted(site: number, events: number): void {
    this.add(site, 'counted', events)
  }

  duplicate(site: number, events: number): void {
    this.add(site, 'duplicate', events)
  }

  tooOld(site: number, events: number): void {
    this.add(site, 'tooOld', events)
  }

  excluded(site: number, events: number): void {
    this.add(site, 'excluded', events)
  }

  /** `events` is 0 when the batch could not be read. */
  deadLettered(site: number, events: number): void {
    this.add(site, 'deadLettered', events)
    this.add(site, 'deadLetteredBatches', 1)
  }

  sealed(site: number, events: number): void {
    this.add(site, 'sealed', events)
  }

  /** Events of a forgotten lane that never arrived. */
  lost(site: number, events: number): void {
    this.add(site, 'lost', events)
  }

  lostRing(site: number, events: number): void {
    this.add(site, 'lostRing', events)
  }

  lostRefused(site: number, events: number): void {
    this.add(site, 'lostRefused', events)
  }

  thinned(site: number, samples: number): void {
    this.add(site, 'thinned', samples)
  }

  lanes(site: number, lanes: number): void {
    this.add(site, 'lanes', lanes)
  }

  lanesFinished(site: number, lanes: number): void {
    this.add(site, 'lanesFinished', lanes)
  }

  add(site: number, field: LedgerField, difference: number): void {
    if (difference === 0) return
    if (site !== this.#lastSite) this.#select(site)
    this.#last[numberOf[field]] += difference
  }

  get isEmpty(): boolean {
    return this.#sites.size === 0
  }

  encode(out: ByteWriter): void {
    out.varint(this.#sites.size)
    for (const [site, values] of this.#sites) {
      out.varint(site)
      encodeValues(values, out)
    }
  }

  clear(): void {
    this.#sites.clear()
    this.#lastSite = -1
  }

  #select(site: number): void {
    let values = this.#sites.get(site)
    if (values === undefined) {
      values = new Float64Array(fieldCount)
      this.#sites.set(site, values)
    }
    this.#last = values
    this.#lastSite = site
  }
}

/** Totals by field number. */
export type LedgerCell = Float64Array<ArrayBuffer>

export const ledger: Aggregate<LedgerDraft, LedgerCell> = {
  name: 'ledger',
  section: 1,
  resolutions: [],

  createDraft: () => new LedgerDraft(),
  // Everything is booked when the verdict falls, in PartitionMemory.observe.
  fold: () => {},
  isEmpty: (draft) => draft.isEmpty,
  encodeDelta: (draft, out) => draft.encode(out),
  clear: (draft) => draft.clear(),

  apply(section: ByteReader, _tables, cells: CellAccess<LedgerCell>): void {
    for (let sites = section.count(); sites > 0; sites--) {
      const differences = new Float64Array(fieldCount)
      const site = section.varint()
      addValues(differences, section)
      for (const cell of cells.touch(`${site}`)) this.merge(cell, differences)
    }
  },

  createCell: (): LedgerCell => new Float64Array(fieldCount),
  encodeCell: encodeValues,
  decodeCell(bytes) {
    const cell: LedgerCell = new Float64Array(fieldCount)
    addValues(cell, bytes)
    return cell
  },
  merge(into, from) {
    for (let i = 0; i < fieldCount; i++) into[i] += from[i]
  },
}

/** The cell as viewers see it. `missing` and `inFlight` follow from the totals. */
export function toLedger(cell: LedgerCell): Ledger {
  const value = (field: LedgerField) => cell[numberOf[field]]
  const accepted = value('counted') + value('excluded') + value('deadLettered')
  const missing = value('sealed') - accepted
  const inFlight = missing - value('lost')
  const outcomes = accepted + value('duplicate') + value('tooOld')
  return {
    received: value('received'),
    counted: value('counted'),
    duplicate: value('duplicate'),
    tooOld: value('tooOld'),
    excluded: value('excluded'),
    deadLettered: value('deadLettered'),
    sealed: value('sealed'),
    missing,
    inFlight,
    lost: value('lost'),
    lostRing: value('lostRing'),
    lostRefused: value('lostRefused'),
    thinned: value('thinned'),
    lanes: value('lanes'),
    lanesFinished: value('lanesFinished'),
    balanced: value('received') === outcomes && missing >= 0 && inFlight >= 0,
  }
}

/** Non-zero values as (number, value). */
function encodeValues(values: LedgerCell, out: ByteWriter): void {
  out.u8(values.reduce((used, value) => (value === 0 ? used : used + 1), 0))
  for (let i = 0; i < fieldCount; i++) {
    if (values[i] === 0) continue
    out.u8(i)
    out.zigzag(values[i])
  }
}

/** Fields of a newer program are skipped. */
function addValues(into: LedgerCell, from: ByteReader): void {
  for (let used = from.u8(); used > 0; used--) {
    const field = from.u8()
    const value = from.zigzag()
    if (field < fieldCount) into[field] += value
  }
}
