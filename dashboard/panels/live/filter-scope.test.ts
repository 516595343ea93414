import { expect, test } from 'vitest'
import { filterScope } from './filter-scope.ts'

test('a filter that does not apply to a widget is said there', () => {
  const all = { site: 1, page: '/a', layout: 'phone' as const }
  expect(filterScope('buttons', all)).toBeNull()
  expect(filterScope('edges', { ...all, layout: null })).toBe('all pages')
  expect(filterScope('series', all)).toBe('all pages, all layouts')
  expect(filterScope('series', { site: 1, page: null, layout: null })).toBeNull()
})
