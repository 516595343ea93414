import { limits } from '@sightline/protocol/limits'
import { expect, test } from 'vitest'
import { PageTable } from './page-table.ts'
import { PageTiles } from './page-tiles.ts'
import { PixelSurface } from './pixel-surface.ts'
import { PointRing } from './point-ring.ts'
import { scatterColors } from './scatter-colors.ts'
import { drawScatter, type Scatter } from './scatter-drawing.ts'
import { scatterMarks } from './scatter-marks.ts'
import { TilePlaces } from './tile-places.ts'

const colors = scatterColors({
  age: ['#99f6e4', '#2dd4bf', '#3882c8', '#4f468c'],
  head: '#ffffff',
  click: '#ff0000',
})

/** One page of 1,000 px height on a surface of 200 × 100. */
function scene(): Scatter {
  const pages = new PageTable()
  pages.setMedians([{ page: '/', views: 1, events: 1, heightPx: 1_000 }])
  const tiles = new PageTiles()
  tiles.setSize(200, 100)
  tiles.setPage('/')
  const places = new TilePlaces()
  places.set(tiles.tiles(pages), pages, 1)
  return {
    surface: new PixelSurface(200, 100),
    moves: new PointRing(1_000, 100),
    clicks: new PointRing(100, 100),
    places,
    colors,
    marks: scatterMarks(1),
    single: false,
    reducedMotion: false,
  }
}
const alphaAt = ({ surface }: Scatter, x: number, y: number) => surface.pixels[y * surface.width + x] >>> 24
const old = limits.dashboardMoveLifeMs / 4

test('a point lies at its share of the viewport’s width and of the page’s height', () => {
  const scatter = scene()
  scatter.moves.add(500, 300, 1_000, 1, 1, 0)
  scatter.moves.add(250, 300, 500, 1, 2, 0)
  expect(drawScatter(scatter, old)).toEqual({ moves: 2, clicks: 0, elsewhere: 0, outside: 0 })
  const set = [...scatter.surface.pixels].flatMap((word, i) => (word === 0 ? [] : [i]))
  expect(set).toEqual([30 * 200 + 100])
})

test('points below their frame and on pages without one are counted and not drawn', () => {
  const scatter = scene()
  scatter.moves.add(500, 5_000, 1_000, 1, 1, 0)
  scatter.moves.add(500, 100, 1_000, 7, 2, 0)
  expect(drawScatter(scatter, old)).toEqual({ moves: 0, clicks: 0, elsewhere: 1, outside: 1 })
  expect(scatter.surface.pixels.every((word) => word === 0)).toBe(true)
})

test('a point that is over its life is no longer drawn', () => {
  const scatter = scene()
  scatter.moves.add(500, 300, 1_000, 1, 1, 0)
  expect(drawScatter(scatter, limits.dashboardMoveLifeMs).moves).toBe(0)
})

test('fresh points of one session are joined, points of two sessions and of two movements are not', () => {
  const joined = scene()
  joined.moves.add(100, 500, 1_000, 1, 1, 0)
  joined.moves.add(300, 500, 1_000, 1, 1, 100)
  drawScatter(joined, 100)
  expect(alphaAt(joined, 40, 50)).toBeGreaterThan(0)

  const strangers = scene()
  strangers.moves.add(100, 500, 1_000, 1, 1, 0)
  strangers.moves.add(300, 500, 1_000, 1, 2, 100)
  drawScatter(strangers, 100)
  expect(alphaAt(strangers, 40, 50)).toBe(0)

  const apart = scene()
  apart.moves.add(100, 500, 1_000, 1, 1, 0)
  apart.moves.add(300, 500, 1_000, 1, 1, 900)
  drawScatter(apart, 900)
  expect(alphaAt(apart, 40, 50)).toBe(0)
})

test('a click stays long after the movement around it has gone', () => {
  const scatter = scene()
  scatter.moves.add(500, 500, 1_000, 1, 1, 0)
  scatter.clicks.add(500, 500, 1_000, 1, 1, 0)
  const drawn = drawScatter(scatter, limits.dashboardMoveLifeMs + 1_000)
  expect(drawn).toMatchObject({ moves: 0, clicks: 1 })
  expect(alphaAt(scatter, 100, 50)).toBeGreaterThan(0)
  expect(drawScatter(scatter, limits.dashboardClickLifeMs + 1).clicks).toBe(0)
})

test('a fresh click opens as a ring', () => {
  const scatter = scene()
  scatter.clicks.add(500, 500, 1_000, 1, 1, 0)
  drawScatter(scatter, 350)
  const row = Array.from({ length: 30 }, (_, i) => alphaAt(scatter, 100 + i, 50))
  const gap = row.indexOf(0)
  expect(gap).toBeGreaterThan(0)
  expect(row.slice(gap).some((alpha) => alpha > 0)).toBe(true)
})
