import type { Edge } from '@sightline/protocol/live-frames'
import { expect, test } from 'vitest'
import { flowGraph } from './flow-graph.ts'

const edges: Edge[] = [
  { from: null, to: '/', count: 10 },
  { from: '/', to: '/shop', count: 6 },
  { from: '/shop', to: '/', count: 2 },
  { from: '/shop', to: '/shop', count: 1 },
]
const link = (from: string, to: string) =>
  flowGraph(edges, 9).links.find((each) => each.from === from && each.to === to)?.count

test('a page’s views are split by where people came from, and by where they went', () => {
  expect(link('entry', 'page /')).toBe(10)
  expect(link('elsewhere', 'page /')).toBe(2)
  expect(link('page /', 'next /shop')).toBe(6)
  expect(link('page /', 'left')).toBe(6)
  expect(link('page /shop', 'next /')).toBe(2)
  expect(link('page /shop', 'next /shop')).toBe(1)
  expect(link('page /shop', 'left')).toBe(4)
})

test('what flows into a page flows out of it', () => {
  const { nodes, links } = flowGraph(edges, 9)
  for (const node of nodes.filter(({ kind }) => kind === 'page')) {
    const into = links.filter(({ to }) => to === node.id).reduce((sum, { count }) => sum + count, 0)
    const out = links.filter(({ from }) => from === node.id).reduce((sum, { count }) => sum + count, 0)
    expect(into).toBe(out)
    expect(node.count).toBe(into)
  }
})

test('loops need no way back: every ribbon goes one column to the right', () => {
  const { nodes, links } = flowGraph(edges, 9)
  const column = new Map(nodes.map(({ id, column }) => [id, column]))
  for (const { from, to } of links) expect((column.get(to) ?? 9) - (column.get(from) ?? 9)).toBe(1)
})

test('the least viewed pages are put together, and their views still add up', () => {
  const many: Edge[] = Array.from({ length: 20 }, (_, i) => ({ from: null, to: `/${i}`, count: 100 - i }))
  const { nodes, links, merged } = flowGraph(many, 5)
  const pages = nodes.filter(({ kind }) => kind === 'page')
  expect(pages.map(({ text }) => text)).toEqual(['/0', '/1', '/2', '/3', 'other pages'])
  expect(merged).toBe(16)
  expect(pages[4].page).toBeNull()
  expect(links.filter(({ from }) => from === 'entry').reduce((sum, { count }) => sum + count, 0)).toBe(
    many.reduce((sum, { count }) => sum + count, 0),
  )
})

test('when the list of moves is cut, no ribbon becomes negative', () => {
  const { links } = flowGraph(
    [
      { from: '/a', to: '/b', count: 50 },
      { from: null, to: '/a', count: 3 },
    ],
    9,
  )
  expect(links.every(({ count }) => count > 0)).toBe(true)
})

test('no edges, nothing', () => {
  expect(flowGraph([], 9)).toEqual({ nodes: [], links: [], merged: 0 })
})
