import type { Aggregate, CellAccess } from './aggregate.ts'
import type { ByteReader, ByteWriter } from './binary.ts'
import type { DeltaTables } from './delta.ts'
import type { FoldInput, Segment } from './fold-input.ts'
import { bucketOf, Histogram } from './histogram.ts'
import type { Layout } from './layout.ts'
import { isPageView } from './page-views.ts'
import { days, hours, minuteMs, minutes } from './time-buckets.ts'

/**
 * Counts over time (SPEC.md, rules S…): for a site, for each page and layout, for each layout, for each referrer.
 * Events and views count at their own minute; latency and referrers at the record's and the batch's first minute.
 */
export const seriesCounts = ['moves', 'clicks', 'scrolls', 'marks', 'other', 'views', 'batches'] as const
export type SeriesCount = (typeof seriesCounts)[number]

const countsPerGroup = seriesCounts.length
const [moves, clicks, scrolls, marks, other, views, batches] = seriesCounts.keys()

/** Fields of the cells. */
export const seriesField = {
  site: (site: number) => `${site}/site`,
  page: (site: number, layout: Layout, page: string) => `${site}/page/${layout}/${page}`,
  layout: (site: number, layout: Layout) => `${site}/layout/${layout}`,
  referrer: (site: number, host: string) => `${site}/referrer/${host}`,
}

export class SeriesCell {
  readonly counts = new Float64Array(countsPerGroup)
  /** Hand to gateway, ms, by events; sites only. */
  readonly latency = new Histogram()
  /** Document heights, px, by batches; pages only. */
  readonly heights = new Histogram()

  count(name: SeriesCount): number {
    return this.counts[seriesCounts.indexOf(name)]
  }

  /** Events of all kinds. */
  get events(): number {
    const { counts } = this
    return counts[moves] + counts[clicks] + counts[scrolls] + counts[marks] + counts[other]
  }
}

interface ReferrerCounts {
  site: number
  host: string
  minuteMs: number
  counts: Float64Array
}

interface MinuteLatency {
  site: number
  minuteMs: number
  histogram: Histogram
}

class SeriesDraft {
  /** `countsPerGroup` numbers per group of the delta. */
  counts = new Uint32Array(64 * countsPerGroup)
  /** Highest group used + 1. */
  groups = 0
  /** group × 128 + bucket of each batch's document height. */
  heights: number[] = []
  readonly referrers = new Map<string, ReferrerCounts>()
  readonly latencies: MinuteLatency[] = []
}

export const series: Aggregate<SeriesDraft, SeriesCell> = {
  name: 'series',
  section: 2,
  resolutions: [minutes, hours, days],

  createDraft: () => new SeriesDraft(),

  fold(draft, input) {
    for (let i = 0; i < input.segmentCount; i++) foldSegment(draft, input, input.segments[i])
    const first = input.segments[0].group * countsPerGroup
    const { batch } = input
    draft.counts[first + batches]++
    // Events of columns that this program doesn't know have no time of their own.
    draft.counts[first + other] +=
      batch.n - batch.moveCount - batch.scrollCount - batch.clickCount - batch.markCount
    draft.heights.push(input.segments[0].group * 128 + bucketOf(batch.dh))
    if (input.latency.length > 0) {
      latencyOf(draft, input.site, input.effectiveMs - (input.effectiveMs % minuteMs)).addRuns(input.latency)
    }
    if (input.referrer !== null) foldReferrer(draft, input, input.referrer.text)
  },

  isEmpty: (draft) => draft.groups === 0,
  encodeDelta,

  clear(draft) {
    draft.counts.fill(0, 0, draft.groups * countsPerGroup)
    draft.groups = 0
    draft.heights.length = 0
    draft.referrers.clear()
    draft.latencies.length = 0
  },

  apply: applySeries,

  createCell: () => new SeriesCell(),
  encodeCell(cell, out) {
    encodeCounts(cell.counts, 0, out)
    cell.latency.encode(out)
    cell.heights.encode(out)
  },
  decodeCell(bytes) {
    const cell = new SeriesCell()
    addCounts(bytes, cell.counts)
    cell.latency.decode(bytes)
    cell.heights.decode(bytes)
    return cell
  },
  merge(into, from) {
    for (let i = 0; i < countsPerGroup; i++) into.counts[i] += from.counts[i]
    into.latency.merge(from.latency)
    into.heights.merge(from.heights)
  },
}

function foldSegment(draft: SeriesDraft, input: FoldInput, segment: Segment): void {
  if (segment.group >= draft.groups) reserve(draft, segment.group + 1)
  const at = segment.group * countsPerGroup
  const { counts } = draft
  counts[at + moves] += segment.moveEnd - segment.moveStart
  counts[at + clicks] += segment.clickEnd - segment.clickStart
  counts[at + scrolls] += segment.scrollEnd - segment.scrollStart
  counts[at + marks] += segment.markEnd - segment.markStart
  for (let i = segment.markStart; i < segment.markEnd; i++) {
    if (isPageView(input.batch.markKind[i])) counts[at + views]++
  }
}

function reserve(draft: SeriesDraft, groups: number): void {
  draft.groups = groups
  if (groups * countsPerGroup <= draft.counts.length) return
  const counts = new Uint32Array(groups * 2 * countsPerGroup)
  counts.set(draft.counts)
  draft.counts = counts
}

function latencyOf(draft: SeriesDraft, site: number, startMs: number): Histogram {
  for (const latency of draft.latencies) {
    if (latency.site === site && latency.minuteMs === startMs) return latency.histogram
  }
  const latency = { site, minuteMs: startMs, histogram: new Histogram() }
  draft.latencies.push(latency)
  return latency.histogram
}

/** A batch with a referrer counts whole at its first minute: it is one of the first of its document. */
function foldReferrer(draft: SeriesDraft, input: FoldInput, host: string): void {
  const { batch, site } = input
  const startMs = input.segments[0].minuteMs
  const key = `${site} ${startMs} ${host}`
  let referrer = draft.referrers.get(key)
  if (referrer === undefined) {
    referrer = { site, host, minuteMs: startMs, counts: new Float64Array(countsPerGroup) }
    draft.referrers.set(key, referrer)
  }
  const { counts } = referrer
  counts[moves] += batch.moveCount
  counts[clicks] += batch.clickCount
  counts[scrolls] += batch.scrollCount
  counts[marks] += batch.markCount
  counts[other] += batch.n - batch.moveCount - batch.scrollCount - batch.clickCount - batch.markCount
  counts[batches]++
  for (let i = 0; i < batch.markCount; i++) if (isPageView(batch.markKind[i])) counts[views]++
}

/** Groups by number, heights as sorted runs, referrers, latencies. */
function encodeDelta(draft: SeriesDraft, out: ByteWriter): void {
  out.varint(draft.groups)
  for (let group = 0; group < draft.groups; group++) encodeCounts(draft.counts, group * countsPerGroup, out)

  const heights = Uint32Array.from(draft.heights).sort()
  out.varint(heights.length)
  for (let i = 0; i < heights.length; i++) out.varint(i === 0 ? heights[0] : heights[i] - heights[i - 1])

  out.varint(draft.referrers.size)
  for (const referrer of draft.referrers.values()) {
    out.varint(referrer.site)
    out.string(referrer.host)
    out.varint(referrer.minuteMs / minuteMs)
    encodeCounts(referrer.counts, 0, out)
  }

  out.varint(draft.latencies.length)
  for (const latency of draft.latencies) {
    out.varint(latency.site)
    out.varint(latency.minuteMs / minuteMs)
    latency.histogram.encode(out)
  }
}

function applySeries(section: ByteReader, tables: DeltaTables, cells: CellAccess<SeriesCell>): void {
  const counts = new Float64Array(countsPerGroup)
  for (let group = 0, groups = section.count(); group < groups; group++) {
    counts.fill(0)
    addCounts(section, counts)
    const { site, page, layout, minuteMs: timeMs } = tables.groups[group]
    for (const field of [
      seriesField.page(site, layout, page),
      seriesField.layout(site, layout),
      seriesField.site(site),
    ]) {
      for (const cell of cells.touch(field, timeMs)) add(cell.counts, counts)
    }
  }

  let heightCells: readonly SeriesCell[] = []
  for (let left = section.count(), key = 0, group = -1; left > 0; left--) {
    key += section.varint()
    if (key >>> 7 !== group) {
      group = key >>> 7
      const { site, page, layout, minuteMs: timeMs } = tables.groups[group]
      heightCells = cells.touch(seriesField.page(site, layout, page), timeMs)
    }
    for (const cell of heightCells) cell.heights.add(key & 127, 1)
  }

  for (let left = section.count(); left > 0; left--) {
    const field = seriesField.referrer(section.varint(), section.string())
    const timeMs = section.varint() * minuteMs
    counts.fill(0)
    addCounts(section, counts)
    for (const cell of cells.touch(field, timeMs)) add(cell.counts, counts)
  }

  for (let left = section.count(); left > 0; left--) {
    const site = section.varint()
    const timeMs = section.varint() * minuteMs
    const latency = new Histogram()
    latency.decode(section)
    for (const cell of cells.touch(seriesField.site(site), timeMs)) cell.latency.merge(latency)
  }
}

function add(into: Float64Array, counts: Float64Array): void {
  for (let i = 0; i < countsPerGroup; i++) into[i] += counts[i]
}

/** A byte that says which are not zero, then those. */
function encodeCounts(counts: ArrayLike<number>, at: number, out: ByteWriter): void {
  let used = 0
  for (let i = 0; i < countsPerGroup; i++) if (counts[at + i] > 0) used |= 1 << i
  out.u8(used)
  for (let i = 0; i < countsPerGroup; i++) if (counts[at + i] > 0) out.varint(counts[at + i])
}

function addCounts(from: ByteReader, into: Float64Array): void {
  const used = from.u8()
  for (let i = 0; i < countsPerGroup; i++) if (used & (1 << i)) into[i] += from.varint()
}
