// The detector of loss and doubles is tested first: it must see one event more or less, wherever it is.
import { describe, expect, it } from 'vitest'
import type { Ledger } from '@sightline/protocol/live-frames'
import { differences, expectedOf, firstStray, type Point, type ShownVisit } from './visit-comparison.ts'
import type { RecordedDocument } from './visit-recorder.ts'

const documents: RecordedDocument[] = [
  {
    startedMs: 1,
    moveEvents: 2,
    samples: [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ],
    clicks: [
      { target: 'Buy', x: 4, y: 4 },
      { target: 'Buy', x: 4, y: 4 },
      { target: '#brand', x: 9, y: 9 },
    ],
    scrolls: 2,
    views: [
      { kind: 'start', from: '', to: '/' },
      { kind: 'navigation', from: '/', to: '/shop' },
    ],
    ...{ visibilityChanges: 1, pageHides: 1, early: 0 },
  },
  {
    startedMs: 2,
    ...{ moveEvents: 1, samples: [[5, 5]], clicks: [], scrolls: 0 },
    views: [{ kind: 'start', from: '/shop', to: '/' }],
    ...{ visibilityChanges: 0, pageHides: 1, early: 0 },
  },
]

const ledger: Ledger = {
  ...{
    received: 18,
    counted: 15,
    duplicate: 3,
    tooOld: 0,
    excluded: 0,
    deadLettered: 0,
    sealed: 15,
    missing: 0,
    inFlight: 0,
  },
  ...{ lost: 0, lostRing: 0, lostRefused: 0, thinned: 1, lanes: 2, lanesFinished: 2, balanced: true },
}

const shown: ShownVisit = {
  totals: {
    events: 15,
    moves: 4,
    clicks: 3,
    scrolls: 2,
    marks: 6,
    other: 0,
    views: 3,
    sessions: 1,
    thinned: 1,
  },
  elements: [
    { target: 'Buy', clicks: 2 },
    { target: '#brand', clicks: 1 },
  ],
  pages: [
    { page: '/', views: 2, events: 8 },
    { page: '/shop', views: 1, events: 7 },
  ],
  edges: [
    { from: null, to: '/', count: 1 },
    { from: '/', to: '/shop', count: 1 },
    { from: '/shop', to: '/', count: 1 },
  ],
  ledger,
}

const seen = (changes: Partial<ShownVisit>) => differences(expectedOf(documents), { ...shown, ...changes })

describe('comparison of a visit', () => {
  it('finds nothing where everything is exact', () => {
    expect(seen({})).toEqual([])
  })

  it('negative control: a recorder that counts one more click', () => {
    const [first, second] = documents
    const more = [{ ...first, clicks: [...first.clicks, { target: 'Buy', x: 4, y: 4 }] }, second]
    expect(differences(expectedOf(more), shown)).toContain('clicks on Buy: recorded 3, shown 2')
    expect(differences(expectedOf(more), shown)).toContain('clicks: recorded 4, shown 3')
  })

  it('negative control: a recorder that counts one more sample, scroll, view or page hide', () => {
    const [first, second] = documents
    for (const more of [
      { samples: [...first.samples, [6, 6] as [number, number]] },
      { scrolls: 3 },
      { views: [...first.views, { kind: 'navigation' as const, from: '/shop', to: '/' }] },
      { pageHides: 2 },
    ]) {
      expect(differences(expectedOf([{ ...first, ...more }, second]), shown)).not.toEqual([])
    }
  })

  it.each([
    'events',
    'moves',
    'clicks',
    'scrolls',
    'marks',
    'other',
    'views',
    'sessions',
    'thinned',
  ] as const)('sees one more or less in the totals: %s', (name) => {
    for (const by of [1, -1])
      expect(seen({ totals: { ...shown.totals, [name]: shown.totals[name]! + by } })).not.toEqual([])
  })

  it.each(Object.keys(ledger).filter((name) => name !== 'thinned' && name !== 'balanced'))(
    'sees one more in the ledger: %s',
    (name) => {
      expect(seen({ ledger: { ...ledger, [name]: Number(ledger[name as keyof Ledger]) + 1 } })).not.toEqual(
        [],
      )
    },
  )

  it('sees a ledger that says of itself that it is not balanced', () => {
    expect(seen({ ledger: { ...ledger, balanced: false } })).toEqual([
      'ledger: balanced: recorded true, shown false',
    ])
  })

  it('sees a click under another name, though the total is the same', () => {
    const elements = [
      { target: 'Buy', clicks: 1 },
      { target: '#brand', clicks: 1 },
      { target: 'button Buy', clicks: 1 },
    ]
    expect(seen({ elements })).toEqual([
      'clicks on Buy: recorded 2, shown 1',
      'clicks on button Buy: recorded 0, shown 1',
    ])
  })

  it('sees an edge that was turned around', () => {
    const edges = [...shown.edges.slice(0, 1), { from: '/shop', to: '/', count: 2 }]
    expect(seen({ edges })).toEqual([
      'from / → /shop: recorded 1, shown 0',
      'from /shop → /: recorded 1, shown 2',
    ])
  })
})

describe('places of points', () => {
  const samples: Point[] = [
    [10, 10],
    [20, 20],
    [30, 30],
    [40, 40],
  ]

  it('each point is where a sample was, in the same order; thinned samples have none', () => {
    expect(
      firstStray(
        [
          [10, 10],
          [30, 30],
          [40, 40],
        ],
        samples,
        1,
      ),
    ).toBe(-1)
    expect(
      firstStray(
        [
          [11, 9],
          [29, 31],
        ],
        samples,
        1,
      ),
    ).toBe(-1)
  })

  it('negative controls: two pixels off, one point too many, another order', () => {
    expect(
      firstStray(
        [
          [10, 10],
          [32, 30],
        ],
        samples,
        1,
      ),
    ).toBe(1)
    expect(
      firstStray(
        [
          [10, 10],
          [10, 10],
        ],
        samples,
        1,
      ),
    ).toBe(1)
    expect(
      firstStray(
        [
          [20, 20],
          [10, 10],
        ],
        samples,
        1,
      ),
    ).toBe(1)
    expect(
      firstStray(
        [
          [40, 40],
          [41, 41],
        ],
        samples,
        1,
      ),
    ).toBe(1)
  })
})
