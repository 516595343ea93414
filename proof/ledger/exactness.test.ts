// The checker, checked: it must see what it is there to see, and nothing where nothing is.
import { expect, test } from 'vitest'
import type { Ledger } from '@sightline/protocol/live-frames'
import { exactnessFaults, type SentEvents } from './exactness.ts'

const all: SentEvents = { sent: 1_000, acknowledged: 1_000, refused: 0, unsettled: 0 }

function ledger(changes: Partial<Ledger> = {}): Ledger {
  const zero = {
    tooOld: 0,
    excluded: 0,
    deadLettered: 0,
    missing: 0,
    inFlight: 0,
    lost: 0,
    lostRing: 0,
    lostRefused: 0,
    thinned: 0,
  }
  const lanes = { lanes: 4, lanesFinished: 0, balanced: true }
  return { received: 1_030, counted: 1_000, duplicate: 30, sealed: 1_000, ...zero, ...lanes, ...changes }
}

function names(events: SentEvents, shown: Ledger, series = shown.counted): string[] {
  return exactnessFaults(events, { ledger: shown, series }).map((fault) => fault.split(':')[0])
}

test('exact with duplicates: no fault', () => {
  expect(names(all, ledger())).toEqual([])
})

test('what was sent without an acknowledgement may be counted or not', () => {
  const some = { ...all, acknowledged: 900, unsettled: 100 }
  expect(names(some, ledger())).toEqual([])
  expect(names(some, ledger({ counted: 900, received: 930, missing: 100, inFlight: 100 }))).toEqual([])
})

test('each fault has its name', () => {
  expect(names(all, ledger({ counted: 970, received: 1_000, missing: 30, inFlight: 30 }))).toEqual([
    'lost',
    'missing',
  ])
  expect(names(all, ledger({ counted: 1_030, received: 1_060, missing: -30, balanced: false }))).toEqual([
    'doubled',
    'missing',
    'unbalanced',
  ])
  expect(names(all, ledger({ received: 1_000 }))).toEqual(['received does not balance'])
  expect(names(all, ledger({ sealed: 1_030, missing: 30 }))).toEqual(['sealed too much', 'missing'])
  expect(names(all, ledger(), 990)).toEqual(['aggregates differ'])
  expect(names({ ...all, acknowledged: 900, refused: 100 }, ledger())).toEqual(['doubled'])
})
