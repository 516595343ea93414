import type { Edge } from '@sightline/protocol/live-frames'
import { expect, test } from 'vitest'
import { seededRandom } from '../../../dev/random.ts'
import { flowGraph } from './flow-graph.ts'
import { flowLayout } from './flow-layout.ts'

/** Height of a label, px: 11 px type. */
const labelPx = 13

function randomEdges(seed: number, pages: number): Edge[] {
  const random = seededRandom(seed)
  const edges: Edge[] = []
  for (let i = 0; i < 60; i++) {
    const from = random() < 0.2 ? null : `/${Math.floor(random() * pages)}`
    edges.push({ from, to: `/${Math.floor(random() * pages)}`, count: 1 + Math.floor(random() ** 6 * 5_000) })
  }
  return edges
}

test('labels of a column never lie over each other, and nothing leaves the box', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const [width, height] = [300 + (seed % 5) * 120, 200 + (seed % 4) * 60]
    const { nodes } = flowLayout(
      flowGraph(randomEdges(seed, 3 + (seed % 20)), Math.floor(height / 25) - 1),
      width,
      height,
      120,
    )
    for (const column of [0, 1, 2]) {
      const middles = nodes
        .filter((node) => node.column === column)
        .map((node) => node.y + node.height / 2)
        .toSorted((a, b) => a - b)
      for (let i = 1; i < middles.length; i++)
        expect(middles[i] - middles[i - 1], `seed ${seed}`).toBeGreaterThanOrEqual(labelPx)
    }
    for (const node of nodes) {
      expect(node.y, `seed ${seed}`).toBeGreaterThanOrEqual(0)
      expect(node.y + node.height, `seed ${seed}`).toBeLessThanOrEqual(height + 1)
      expect(node.x + node.width).toBeLessThanOrEqual(width)
    }
  }
})

test('columns stand left, middle and right, in the order of the ranking', () => {
  const { nodes } = flowLayout(flowGraph(randomEdges(3, 6), 9), 500, 300, 120)
  const pages = nodes.filter(({ kind }) => kind === 'page')
  expect(new Set(pages.map(({ x }) => x)).size).toBe(1)
  expect(pages.map(({ y }) => y)).toEqual(pages.map(({ y }) => y).toSorted((a, b) => a - b))
})

test('a box without room, or a flow without links, has nothing to place', () => {
  expect(flowLayout(flowGraph([], 9), 500, 300, 120)).toEqual({ nodes: [], links: [] })
  expect(flowLayout(flowGraph(randomEdges(1, 5), 9), 0, 0, 120)).toEqual({ nodes: [], links: [] })
})
