import { gridIndex } from './grids.ts'
import { bucketOf, Histogram } from './histogram.ts'
import { layoutOf } from './layout.ts'
import type { PartitionState } from './partition-state.ts'
import type { PlainRecord } from './random-traffic.fixture.ts'
import { aggregates } from './all-aggregates.ts'
import type { EdgesCell } from './edges.ts'
import type { DistinctHashes } from './distinct-hashes.ts'
import type { GridCell } from './grids.ts'
import { seriesCounts, type SeriesCell } from './series.ts'
import type { SpaceSaving } from './space-saving.ts'

/**
 * The aggregates again, independently and naively: event by event into plain objects, one entry per bucket and field.
 * No drafts, no deltas, no typed arrays. Holds for traffic below the limits, except outlines, which are limited here too.
 */
export type PlainCells = Map<string, unknown>

type Counts = Record<string, number>

interface NaiveSeries {
  counts: Counts
  latency: Counts
  heights: Counts
}

const spans = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

export class NaiveModel {
  readonly cells: PlainCells = new Map()
  readonly seen = new Set<string>()
  #watermarkMs = 0
  #run: number[] = []

  /** Returns whether the record was new. */
  add(record: PlainRecord): boolean {
    this.#advance(record.recordMs)
    const key = `${record.session} ${record.site} ${record.lane} ${record.seq}`
    if (this.seen.has(key)) return false
    this.seen.add(key)
    const effectiveMs = Math.max(record.recordMs, this.#watermarkMs - 60_000)
    const timeOf = (dt: number) => Math.min(effectiveMs, Math.max(effectiveMs - 900_000, record.baseMs + dt))
    this.#addSeries(record, effectiveMs, timeOf)
    this.#addPlaces(record, timeOf)
    this.#addEdges(record, timeOf)
    return true
  }

  #advance(recordMs: number): void {
    if (recordMs <= this.#watermarkMs + 60_000) {
      this.#run = []
      this.#watermarkMs = Math.max(this.#watermarkMs, recordMs)
      return
    }
    this.#run.push(recordMs)
    if (this.#run.length < 64) return
    // From the earliest on, as far as steps of a minute carry.
    const later = this.#run.toSorted((a, b) => a - b)
    this.#watermarkMs = later.shift() as number
    while (later.length > 0 && later[0] - this.#watermarkMs <= 60_000)
      this.#watermarkMs = later.shift() as number
    this.#run = this.#run.filter((ms) => ms - this.#watermarkMs > 60_000)
  }

  #addSeries(record: PlainRecord, effectiveMs: number, timeOf: (dt: number) => number): void {
    const { site, page } = record
    const layout = layoutOf(record.vw)
    const fields = [`${site}/site`, `${site}/layout/${layout}`, `${site}/page/${layout}/${page}`]
    const count = (name: string, timeMs: number, n = 1) => {
      for (const field of fields) this.#series(timeMs, field, (cell) => bump(cell.counts, name, n))
    }
    const firstMs = timeOf(firstDt(record))
    for (const { dt } of record.moves) count('moves', timeOf(dt))
    for (const { dt } of record.scrolls) count('scrolls', timeOf(dt))
    for (const { dt } of record.clicks) count('clicks', timeOf(dt))
    for (const { dt, kind } of record.marks) {
      count('marks', timeOf(dt))
      if ([3, 6, 7].includes(kind)) count('views', timeOf(dt))
    }
    count('other', firstMs, record.unknown)
    count('batches', firstMs)
    this.#series(firstMs, fields[2], (cell) => bump(cell.heights, String(bucketOf(record.dh)), 1))
    if (record.hasClock) {
      for (const { dt } of [...record.moves, ...record.scrolls, ...record.clicks, ...record.marks]) {
        const bucket = String(bucketOf(record.recordMs - record.baseMs - dt))
        this.#series(effectiveMs, fields[0], (cell) => bump(cell.latency, bucket, 1))
      }
    }
    if (record.referrer !== '') this.#addReferrer(record, firstMs)
  }

  #addReferrer(record: PlainRecord, firstMs: number): void {
    this.#series(firstMs, `${record.site}/referrer/${record.referrer}`, ({ counts }) => {
      bump(counts, 'moves', record.moves.length)
      bump(counts, 'scrolls', record.scrolls.length)
      bump(counts, 'clicks', record.clicks.length)
      bump(counts, 'marks', record.marks.length)
      bump(counts, 'views', record.marks.filter(({ kind }) => [3, 6, 7].includes(kind)).length)
      bump(counts, 'other', record.unknown)
      bump(counts, 'batches', 1)
    })
  }

  /** Sessions, grids and elements. */
  #addPlaces(record: PlainRecord, timeOf: (dt: number) => number): void {
    const { site, page, vw, outline } = record
    const layout = layoutOf(vw)
    const events = [...record.moves, ...record.scrolls, ...record.clicks, ...record.marks]
    for (const timeMs of events.length === 0 ? [timeOf(0)] : events.map(({ dt }) => timeOf(dt))) {
      for (const field of [`${site}/site`, `${site}/page/${page}`]) {
        this.#cell(
          'sessions',
          ['hour', 'day'],
          timeMs,
          field,
          () => new Set<number>(),
          (set) => set.add(record.session),
        )
      }
    }
    for (const [kind, list] of [
      ['m', record.moves],
      ['c', record.clicks],
    ] as const) {
      for (const { dt, x, y } of list) {
        const field = `${site}/${layout}/${kind}/${page}`
        this.#cell(
          'grids',
          ['minute', 'hour', 'day'],
          timeOf(dt),
          field,
          (): Record<string, Counts> => ({}),
          (cell) => {
            const known = cell[outline] !== undefined || outline === 0
            const isFull = Object.keys(cell).filter((version) => version !== '0').length >= 8
            const version = known || !isFull ? outline : 0
            bump((cell[version] ??= {}), String(gridIndex(x, y, vw)), 1)
          },
        )
      }
    }
    for (const { dt, target } of record.clicks) {
      for (const field of [`${site}/site`, `${site}/page/${layout}/${page}`]) {
        this.#cell(
          'elements',
          ['minute', 'hour', 'day'],
          timeOf(dt),
          field,
          (): Counts => ({}),
          (cell) => bump(cell, target, 1),
        )
      }
    }
  }

  #addEdges(record: PlainRecord, timeOf: (dt: number) => number): void {
    for (const { dt, kind, value } of record.marks) {
      if (![3, 6, 7].includes(kind)) continue
      const field = `${record.site}/${layoutOf(record.vw)}`
      const empty = () => ({
        steps: {} as Counts,
        views: {} as Counts,
        entries: {} as Counts,
        exits: {} as Counts,
      })
      this.#cell('edges', ['minute', 'hour', 'day'], timeOf(dt), field, empty, (cell) => {
        bump(cell.views, record.page, 1)
        bump(cell.exits, record.page, 1)
        if (value === '') bump(cell.entries, record.page, 1)
        else {
          bump(cell.steps, `${value} → ${record.page}`, 1)
          bump(cell.exits, value, -1)
        }
      })
    }
  }

  #series(timeMs: number, field: string, change: (cell: NaiveSeries) => void): void {
    const empty = (): NaiveSeries => ({ counts: {}, latency: {}, heights: {} })
    this.#cell('series', ['minute', 'hour', 'day'], timeMs, field, empty, change)
  }

  #cell<Cell>(
    aggregate: string,
    resolutions: readonly (keyof typeof spans)[],
    timeMs: number,
    field: string,
    empty: () => Cell,
    change: (cell: Cell) => void,
  ): void {
    for (const resolution of resolutions) {
      const startMs = Math.floor(timeMs / spans[resolution]) * spans[resolution]
      const key = `${aggregate}:${resolution}:${startMs} ${field}`
      if (!this.cells.has(key)) this.cells.set(key, empty())
      change(this.cells.get(key) as Cell)
    }
  }
}

function firstDt({ moves, scrolls, clicks, marks }: PlainRecord): number {
  const all = [...moves, ...scrolls, ...clicks, ...marks].map(({ dt }) => dt)
  return all.length === 0 ? 0 : Math.min(...all)
}

/** Zeros are left out, so that plain objects compare. */
function bump(counts: Counts, key: string, by: number): void {
  const sum = (counts[key] ?? 0) + by
  if (sum === 0) delete counts[key]
  else counts[key] = sum
}

/** The time-bucketed cells of a state in the naive model's form; sets of sessions as their size. */
export function plainCells(state: PartitionState): PlainCells {
  const cells: PlainCells = new Map()
  for (const aggregate of aggregates) {
    const plain = plainForms[aggregate.name]
    if (plain === undefined) continue
    for (const { bucket, field, cell } of state.store(aggregate).entries()) {
      cells.set(`${bucket.name} ${field}`, plain(cell as never))
    }
  }
  return cells
}

const plainForms: Record<string, ((cell: never) => unknown) | undefined> = {
  series: (cell: SeriesCell) => ({
    counts: nonZero(seriesCounts.map((name) => [name, cell.count(name)])),
    latency: plainHistogram(cell.latency),
    heights: plainHistogram(cell.heights),
  }),
  sessions: (cell: DistinctHashes) => cell.count(),
  grids: (cell: GridCell) => {
    const plain: Record<string, Counts> = {}
    for (const [version, counts] of cell.outlines) {
      const of: Counts = (plain[version] = {})
      counts.forEach((index, count) => (of[index] = count))
    }
    return plain
  },
  elements: (cell: SpaceSaving) => {
    const plain: Counts = {}
    cell.forEach((key, count) => (plain[key] = count))
    return plain
  },
  edges: (cell: EdgesCell) => ({
    steps: Object.fromEntries([...cell.steps].map(([key, count]) => [key.replace('\u0000', ' → '), count])),
    views: nonZero([...cell.pages].map(([page, { views }]) => [page, views])),
    entries: nonZero([...cell.pages].map(([page, { entries }]) => [page, entries])),
    exits: nonZero([...cell.pages].map(([page, { exits }]) => [page, exits])),
  }),
}

function plainHistogram(histogram: Histogram): Counts {
  return nonZero([...(histogram.counts ?? [])].map((count, bucket) => [String(bucket), count]))
}

function nonZero(entries: [string, number][]): Counts {
  return Object.fromEntries(entries.filter(([, count]) => count !== 0))
}

/** The naive model's cells in comparable form. */
export function comparable(cells: PlainCells): PlainCells {
  return new Map([...cells].map(([key, cell]) => [key, cell instanceof Set ? cell.size : cell]))
}
