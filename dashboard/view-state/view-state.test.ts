import { expect, test } from 'vitest'
import { formatViewState, parseViewState } from './view-state.ts'

test('what is written into the address is read back', () => {
  const states = [
    { site: null, page: null, layout: null },
    { site: 12, page: '/a b/ü?x=1&y#z', layout: 'phone' as const },
    { site: 1, page: null, layout: 'wide' as const },
  ]
  for (const state of states) expect(parseViewState(formatViewState(state))).toEqual(state)
  expect(formatViewState(states[0])).toBe('')
})

test('what is not valid counts as not there', () => {
  const nothing = { site: null, page: null, layout: null }
  for (const query of [
    '?site=0',
    '?site=-1',
    '?site=1.5',
    '?site=abc',
    '?layout=watch',
    '?page=',
    `?page=${'x'.repeat(2_000)}`,
  ]) {
    expect(parseViewState(query)).toEqual(nothing)
  }
})
