import { BatchEncoder } from '@sightline/protocol/batch-encoder'
import { batchFlags, markKinds } from '@sightline/protocol/mark-kinds'

/** One record as plain data: what the naive model reads, while the code under test reads `bytes`. */
export interface PlainRecord {
  recordMs: number
  bytes: Uint8Array
  site: number
  session: number
  lane: number
  seq: number
  ev0: number
  n: number
  /** Events of columns that nobody knows, part of n. */
  unknown: number
  /** Corrected ms of t0. */
  baseMs: number
  hasClock: boolean
  page: string
  vw: number
  dh: number
  outline: number
  referrer: string
  thinned: number
  fin: boolean
  moves: { dt: number; x: number; y: number }[]
  scrolls: { dt: number }[]
  clicks: { dt: number; x: number; y: number; target: string }[]
  marks: { dt: number; kind: number; value: string }[]
}

export type Random = () => number

/** mulberry32: numbers from 0 to below 1. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)]
}

export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit)
}

const pages = ['/', '/cart', '/products', '/products/1', '/products/2', '/über-uns']
const targets = ['buy', 'add-to-cart', 'menu', 'söök', '', 'next']
const referrers = ['', '', 'example.org', 'news.example']
const widths = [390, 800, 1_440, 2_560]

interface Visitor {
  session: number
  lane: number
  site: number
  seq: number
  ev0: number
  thinned: number
  clockOff: number
  clockRtt: number
  vw: number
  page: string
  referrer: string
}

export interface TrafficOptions {
  seed: number
  records: number
  visitors?: number
  /** Number of the first visitor: other people than in traffic made with another one. */
  firstVisitor?: number
  /** ms between records, at most. */
  pauseMsMax?: number
  startMs?: number
  /** Share of records that are sent again, that are lost, and that arrive after later ones of their lane. */
  copies?: number
  losses?: number
  delays?: number
}

/** Ten minutes before midnight, so that minutes, hours and a day change. */
export const trafficStartMs = Date.UTC(2027, 2, 14, 23, 50)

/** Records of several visitors on two sites, in the order of a partition's log. */
export function randomTraffic(options: TrafficOptions): PlainRecord[] {
  const random = seededRandom(options.seed)
  const { copies = 0.1, losses = 0.05, delays = 0.1, pauseMsMax = 8_000 } = options
  const visitors = Array.from({ length: options.visitors ?? 12 }, (_, i) =>
    newVisitor(random, (options.firstVisitor ?? 0) + i),
  )
  const sent: PlainRecord[] = []
  const delayed: PlainRecord[] = []
  const log: PlainRecord[] = []
  let nowMs = options.startMs ?? trafficStartMs
  while (log.length < options.records) {
    nowMs += below(random, pauseMsMax)
    const visitor = pick(random, visitors)
    const record = newRecord(random, visitor, nowMs)
    sent.push(record)
    const fate = random()
    if (fate < losses) continue
    if (fate < losses + delays) delayed.push(record)
    else log.push(record)
    if (random() < 0.2 && delayed.length > 0)
      log.push({ ...delayed.shift()!, recordMs: nowMs + below(random, 50) })
    if (random() < copies)
      log.push({ ...pick(random, sent.slice(-40)), recordMs: nowMs + below(random, 100) })
  }
  return log
}

function newVisitor(random: Random, index: number): Visitor {
  return {
    // Some visitors are a second tab of the same session.
    session: index - (index % 4 === 3 ? 1 : 0),
    lane: 1_000 + index,
    site: index % 5 === 4 ? 2 : 1,
    seq: 0,
    ev0: 0,
    thinned: 0,
    clockOff: below(random, 200_000) - 100_000,
    clockRtt: random() < 0.2 ? 0 : 1 + below(random, 50),
    vw: pick(random, widths),
    page: pick(random, pages),
    referrer: pick(random, referrers),
  }
}

const encoder = new BatchEncoder()

function newRecord(random: Random, visitor: Visitor, nowMs: number): PlainRecord {
  // Most batches arrive at once; some were held back for minutes, some by a clock that is far off.
  const age = random() < 0.1 ? below(random, 1_200_000) : 50 + below(random, 3_000)
  const spanMs = random() < 0.15 ? 120_000 : 2_000
  const isFirst = visitor.seq === 0
  visitor.seq++
  const record: PlainRecord = {
    recordMs: nowMs,
    bytes: new Uint8Array(0),
    site: visitor.site,
    session: visitor.session,
    lane: visitor.lane,
    seq: visitor.seq,
    ev0: visitor.ev0,
    n: 0,
    unknown: random() < 0.05 ? 3 : 0,
    baseMs: nowMs - age - (spanMs > 2_000 ? spanMs / 2 : 0),
    hasClock: visitor.clockRtt > 0,
    page: visitor.page,
    vw: visitor.vw,
    dh: 1_000 + below(random, 5_000),
    outline: random() < 0.5 ? 0 : 0xff00_0000 + below(random, 12),
    referrer: visitor.seq < 3 ? visitor.referrer : '',
    thinned: (visitor.thinned += below(random, 5)),
    fin: random() < 0.05,
    moves: times(random, 40, spanMs).map((dt) => ({
      dt,
      x: below(random, visitor.vw + 50),
      y: below(random, 6_000),
    })),
    scrolls: times(random, 5, spanMs).map((dt) => ({ dt })),
    clicks: times(random, 3, spanMs).map((dt) => ({
      dt,
      x: below(random, visitor.vw),
      y: random() < 0.1 ? 200_000 : below(random, 6_000),
      target: pick(random, targets),
    })),
    marks: [],
  }
  addMarks(random, visitor, record, isFirst, spanMs)
  record.n =
    record.moves.length + record.scrolls.length + record.clicks.length + record.marks.length + record.unknown
  visitor.ev0 += record.n
  record.bytes = seal(record, visitor)
  return record
}

/** A document starts; later it navigates now and then, and its next batches are of the new page. */
function addMarks(
  random: Random,
  visitor: Visitor,
  record: PlainRecord,
  isFirst: boolean,
  spanMs: number,
): void {
  if (isFirst) {
    record.marks.push({ dt: 0, kind: markKinds.start, value: random() < 0.5 ? '' : pick(random, pages) })
  } else if (random() < 0.2) {
    const left = visitor.page
    visitor.page = pick(random, pages)
    record.page = visitor.page
    record.marks.push({
      dt: 0,
      kind: random() < 0.8 ? markKinds.navigation : markKinds.restored,
      value: left,
    })
  }
  if (random() < 0.1) record.marks.push({ dt: spanMs, kind: markKinds.visibility, value: 'h' })
}

/** Up to `countMax` ascending times within the span. */
function times(random: Random, countMax: number, spanMs: number): number[] {
  return Array.from({ length: below(random, countMax + 1) }, () => below(random, spanMs)).sort(
    (a, b) => a - b,
  )
}

function seal(record: PlainRecord, visitor: Visitor): Uint8Array {
  const t0 = record.baseMs - visitor.clockOff * (visitor.clockRtt > 0 ? 1 : 0)
  encoder.begin(t0)
  for (const { dt, x, y } of record.moves) encoder.move(t0 + dt, x, y)
  for (const { dt } of record.scrolls) encoder.scroll(t0 + dt, 100)
  for (const { dt, x, y, target } of record.clicks) encoder.click(t0 + dt, x, y, 0, target, 1, 2)
  for (const { dt, kind, value } of record.marks) encoder.mark(t0 + dt, kind, value)
  return encoder.seal({
    session: sessionBytes(visitor.session),
    lane: visitor.lane,
    seq: record.seq,
    ev0: record.ev0,
    clockOff: visitor.clockRtt > 0 ? visitor.clockOff : 0,
    clockRtt: visitor.clockRtt,
    page: record.page,
    pv: 1,
    vw: record.vw,
    vh: 800,
    dh: record.dh,
    outline: record.outline,
    ref: record.referrer,
    lostRing: 0,
    lostRefused: 0,
    thinned: record.thinned,
    flags: record.fin ? batchFlags.fin : 0,
    site: record.site,
  })
}

/** 16 bytes that differ for each number. */
export function sessionBytes(session: number): Uint8Array {
  const bytes = new Uint8Array(16).fill(0x5a)
  new DataView(bytes.buffer).setUint32(4, session)
  return bytes
}
