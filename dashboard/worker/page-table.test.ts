import { limits } from '@sightline/protocol/limits'
import { expect, test } from 'vitest'
import { PageTable } from './page-table.ts'

const page = (path: string, heightPx: number) => ({ page: path, views: 1, events: 1, heightPx })

test('numbers pages, the same path always alike', () => {
  const table = new PageTable()
  expect(table.index('/a')).toBe(1)
  expect(table.index('/b')).toBe(2)
  expect(table.index('/a')).toBe(1)
  expect(table.path(2)).toBe('/b')
})

test('pages beyond the limit share one number', () => {
  const table = new PageTable()
  for (let i = 0; i < limits.pagesPerSiteMax; i++) table.index(`/${i}`)
  expect(table.index('/one-more')).toBe(0)
  expect(table.index('/another')).toBe(0)
  expect(table.index('/0')).toBe(1)
})

test('a frame is as tall as the median document and grows with points, within bounds', () => {
  const table = new PageTable()
  table.setMedians([page('/a', 2_000)])
  const index = table.index('/a')
  expect(table.height(index)).toBe(2_000)
  table.reach(index, 2_400)
  expect(table.height(index)).toBe(2_401)
  table.reach(index, 90_000)
  expect(table.height(index)).toBe(3_000)
})

test('without a median the frame reaches to the lowest point', () => {
  const table = new PageTable()
  const index = table.index('/a')
  table.reach(index, 5_000)
  expect(table.height(index)).toBe(5_001)
})

test('a median that wavers a little does not move the frame, a new one does', () => {
  const table = new PageTable()
  const index = table.index('/a')
  table.setMedians([page('/a', 2_000)])
  table.setMedians([page('/a', 2_080)])
  expect(table.height(index)).toBe(2_000)
  table.setMedians([page('/a', 4_000)])
  expect(table.height(index)).toBe(4_000)
  table.setMedians([page('/a', 0)])
  expect(table.height(index)).toBe(4_000)
})
