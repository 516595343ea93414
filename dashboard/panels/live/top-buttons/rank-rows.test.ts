import { expect, test } from 'vitest'
import { rankRows } from './rank-rows.ts'

test('rows stay in one order in the document and carry their place on the screen', () => {
  const rows = rankRows(
    [
      { target: 'c', clicks: 5 },
      { target: 'a', clicks: 10 },
      { target: 'b', clicks: 20 },
    ],
    10,
  )
  expect(rows.map(({ target, rank }) => [target, rank])).toEqual([
    ['a', 1],
    ['b', 0],
    ['c', 2],
  ])
  expect(rows[0].length).toBe(0.5)
})

test('a swap changes places and nothing in the order', () => {
  const before = rankRows(
    [
      { target: 'a', clicks: 1 },
      { target: 'b', clicks: 2 },
    ],
    10,
  )
  const after = rankRows(
    [
      { target: 'a', clicks: 3 },
      { target: 'b', clicks: 2 },
    ],
    10,
  )
  expect(before.map(({ target }) => target)).toEqual(after.map(({ target }) => target))
  expect(after.map(({ rank }) => rank)).toEqual([0, 1])
})

test('equal counts stand by name; only so many rows; none without clicks', () => {
  expect(
    rankRows(
      [
        { target: 'b', clicks: 1 },
        { target: 'a', clicks: 1 },
        { target: 'c', clicks: 9 },
      ],
      2,
    ).map(({ target }) => target),
  ).toEqual(['a', 'c'])
  expect(rankRows([], 5)).toEqual([])
})
