import type { Ledger } from '@sightline/protocol/live-frames'
import type { RecordedDocument } from './visit-recorder.ts'

/** What the API says of a site that had one visit. */
export interface ShownVisit {
  totals: {
    events: number
    moves: number
    clicks: number
    scrolls: number
    marks: number
    other: number
    views: number
    sessions: number | null
    thinned: number
  }
  elements: { target: string; clicks: number }[]
  pages: { page: string; views: number; events: number }[]
  edges: { from: string | null; to: string; count: number }[]
  ledger: Ledger
}

export type Point = readonly [x: number, y: number]

/** What the recorder says should have been counted. */
export interface ExpectedVisit {
  samples: number
  clicks: number
  scrolls: number
  views: number
  marks: number
  documents: number
  clicksByTarget: Map<string, number>
  viewsByPage: Map<string, number>
  /** By `from → to`; an entry has no from. */
  edges: Map<string, number>
}

export function expectedOf(documents: readonly RecordedDocument[]): ExpectedVisit {
  const views = documents.flatMap((document) => document.views)
  const clicks = documents.flatMap((document) => document.clicks)
  const sum = (count: (document: RecordedDocument) => number) =>
    documents.reduce((total, document) => total + count(document), 0)
  return {
    samples: sum(({ samples }) => samples.length),
    clicks: clicks.length,
    scrolls: sum(({ scrolls }) => scrolls),
    views: views.length,
    marks: views.length + sum(({ visibilityChanges, pageHides }) => visibilityChanges + pageHides),
    documents: documents.length,
    clicksByTarget: tally(clicks.map(({ target }) => target)),
    viewsByPage: tally(views.map(({ to }) => to)),
    edges: tally(views.map(({ from, to }) => edgeName(from, to))),
  }
}

/** Everything in which the two disagree, in words; empty when each number is exactly what was recorded. */
export function differences(expected: ExpectedVisit, shown: ShownVisit): string[] {
  const { totals, ledger } = shown
  const found: string[] = []
  const compare = (what: string, recorded: number | boolean, said: number | boolean | null) => {
    if (recorded !== said) found.push(`${what}: recorded ${recorded}, shown ${said}`)
  }
  compare('moves and thinned samples', expected.samples, totals.moves + totals.thinned)
  compare('clicks', expected.clicks, totals.clicks)
  compare('scrolls', expected.scrolls, totals.scrolls)
  compare('views', expected.views, totals.views)
  compare('marks', expected.marks, totals.marks)
  compare('other events', 0, totals.other)
  compare('sessions', 1, totals.sessions)
  compareTallies(
    'clicks on',
    expected.clicksByTarget,
    new Map(shown.elements.map(({ target, clicks }) => [target, clicks])),
    compare,
  )
  compareTallies(
    'views of',
    expected.viewsByPage,
    new Map(shown.pages.filter(({ views }) => views > 0).map(({ page, views }) => [page, views])),
    compare,
  )
  compareTallies(
    'from',
    expected.edges,
    new Map(shown.edges.map(({ from, to, count }) => [edgeName(from ?? '', to), count])),
    compare,
  )
  compare(
    'events of all pages',
    totals.events,
    shown.pages.reduce((sum, { events }) => sum + events, 0),
  )

  const events = totals.moves + expected.clicks + expected.scrolls + expected.marks
  compare('events', events, totals.events)
  compare('events counted in the ledger', events, ledger.counted)
  compare('events sealed', events, ledger.sealed)
  compare('events received, less copies', events, ledger.received - ledger.duplicate)
  for (const name of [
    'tooOld',
    'excluded',
    'deadLettered',
    'missing',
    'inFlight',
    'lost',
    'lostRing',
    'lostRefused',
  ] as const) {
    compare(`ledger: ${name}`, 0, ledger[name])
  }
  compare('ledger: balanced', true, ledger.balanced)
  compare('ledger: lanes', expected.documents, ledger.lanes)
  compare('ledger: lanes finished', expected.documents, ledger.lanesFinished)
  return found
}

/**
 * Index of the first point that is not where one of the samples was, taken in the order in which they came; −1 when each
 * has its sample. Samples that were thinned have no point.
 */
export function firstStray(points: readonly Point[], samples: readonly Point[], tolerancePx: number): number {
  let next = 0
  for (const [i, [x, y]] of points.entries()) {
    while (next < samples.length && !isNear(samples[next], x, y, tolerancePx)) next++
    if (next === samples.length) return i
    next++
  }
  return -1
}

function isNear([x, y]: Point, otherX: number, otherY: number, tolerancePx: number): boolean {
  return Math.abs(x - otherX) <= tolerancePx && Math.abs(y - otherY) <= tolerancePx
}

function compareTallies(
  what: string,
  recorded: Map<string, number>,
  said: Map<string, number>,
  compare: (what: string, recorded: number, said: number) => void,
): void {
  for (const name of new Set([...recorded.keys(), ...said.keys()])) {
    compare(`${what} ${name}`, recorded.get(name) ?? 0, said.get(name) ?? 0)
  }
}

function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

function edgeName(from: string, to: string): string {
  return `${from || '(entry)'} → ${to}`
}
