import { expect, test } from 'vitest'
import { PageTable } from './page-table.ts'
import { PageTiles, tileGrid, tileLabelPx } from './page-tiles.ts'

const ranked = (...paths: string[]) =>
  paths.map((page, i) => ({ page, views: 1, events: 100 - i, heightPx: 1_000 }))
const names = (tiles: PageTiles) => tiles.tiles(new PageTable()).map(({ page }) => page)

test('boxes lie within the area and never over each other, for any number and size', () => {
  for (let count = 1; count <= 8; count++) {
    for (const [width, height] of [
      [760, 470],
      [360, 400],
      [1_600, 500],
    ]) {
      const boxes = tileGrid(count, width, height)
      expect(boxes).toHaveLength(count)
      for (const [i, a] of boxes.entries()) {
        expect(a.x).toBeGreaterThanOrEqual(0)
        expect(a.y).toBeGreaterThanOrEqual(tileLabelPx)
        expect(a.x + a.width).toBeLessThanOrEqual(width + 0.01)
        expect(a.y + a.height).toBeLessThanOrEqual(height + 0.01)
        for (const b of boxes.slice(i + 1)) {
          const apart =
            a.x + a.width <= b.x ||
            b.x + b.width <= a.x ||
            a.y + a.height <= b.y - tileLabelPx ||
            b.y + b.height <= a.y - tileLabelPx
          expect(apart).toBe(true)
        }
      }
    }
  }
})

test('six pages on a wide area stand in two rows of three', () => {
  const boxes = tileGrid(6, 760, 470)
  expect(new Set(boxes.map(({ y }) => y)).size).toBe(2)
})

test('on a very wide area no row is left almost empty', () => {
  const rows = tileGrid(6, 1_520, 480).map(({ y }) => y)
  expect(rows.filter((y) => y === rows[5]).length).toBeGreaterThan(2)
})

test('a page keeps its place while it is among the most active', () => {
  const tiles = new PageTiles()
  tiles.setSize(760, 470)
  tiles.rank(ranked('/a', '/b', '/c'))
  tiles.rank(ranked('/c', '/b', '/a'))
  expect(names(tiles)).toEqual(['/a', '/b', '/c'])
})

test('no more pages than there is room for, the most active first', () => {
  const tiles = new PageTiles()
  tiles.setSize(300, 220)
  tiles.rank(ranked('/a', '/b', '/c', '/d', '/e', '/f'))
  expect(names(tiles)).toEqual(['/a', '/b', '/c', '/d'])
})

test('one page has the whole area', () => {
  const tiles = new PageTiles()
  tiles.setSize(760, 470)
  tiles.setPage('/b')
  expect(tiles.tiles(new PageTable())).toMatchObject([{ page: '/b', x: 0, y: 0, width: 760, height: 470 }])
})

test('pages are drawn as soon as points lie on them, before the server has ranked any', () => {
  const tiles = new PageTiles()
  tiles.setSize(760, 470)
  tiles.meet('/a')
  tiles.meet('/a')
  tiles.meet('/b')
  expect(names(tiles)).toEqual(['/a', '/b'])
})

test('on a phone tiles stand in two columns, wide enough for the names of their pages', () => {
  const boxes = tileGrid(8, 336, 560)
  expect(new Set(boxes.map(({ x }) => x)).size).toBe(2)
})
