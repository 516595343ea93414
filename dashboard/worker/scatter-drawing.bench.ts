import { limits } from '@sightline/protocol/limits'
import { seededRandom } from '../dev/random.ts'
import { PageTable } from './page-table.ts'
import { PageTiles } from './page-tiles.ts'
import { PixelSurface } from './pixel-surface.ts'
import { PointRing } from './point-ring.ts'
import { scatterColors } from './scatter-colors.ts'
import { drawScatter } from './scatter-drawing.ts'
import { scatterMarks } from './scatter-marks.ts'
import { TilePlaces } from './tile-places.ts'

/** CPU time of one picture of 200,000 points of 1,200 sessions on six pages, 780 × 470 CSS px, by device pixel ratio. */
const random = seededRandom(1)
const pages = new PageTable()
const paths = ['/', '/shop', '/product', '/cart', '/checkout', '/journal']
pages.setMedians(paths.map((page) => ({ page, views: 1, events: 1, heightPx: 2_000 })))
const tiles = new PageTiles()
tiles.setSize(780, 470)
tiles.rank(paths.map((page, i) => ({ page, views: 1, events: 9 - i, heightPx: 2_000 })))
const moves = new PointRing(limits.dashboardPointsMax, limits.dashboardTrailsMax)
const clicks = new PointRing(limits.dashboardClicksMax, limits.dashboardTrailsMax)
const at = Array.from({ length: 1_200 }, () => ({ x: random() * 1_440, y: random() * 2_000 }))
const spanMs = 10_000
for (let i = 0; i < limits.dashboardPointsMax; i++) {
  const session = i % at.length
  const hand = at[session]
  hand.x = Math.min(1_439, Math.max(0, hand.x + (random() - 0.5) * 60))
  hand.y = Math.min(1_999, Math.max(0, hand.y + (random() - 0.5) * 60))
  const bornMs = (i / limits.dashboardPointsMax) * spanMs
  moves.add(hand.x, hand.y, 1_440, 1 + (session % 6), session, bornMs)
  if (i % 60 === 0) clicks.add(hand.x, hand.y, 1_440, 1 + (session % 6), session, bornMs)
}
const colors = scatterColors({
  age: ['#99f6e4', '#2dd4bf', '#3882c8', '#4f468c'],
  head: '#f0fdfa',
  click: '#fb923c',
})
const places = new TilePlaces()
for (const scale of [1, 2]) {
  places.set(tiles.tiles(pages), pages, scale)
  const scatter = {
    surface: new PixelSurface(780 * scale, 470 * scale),
    moves,
    clicks,
    places,
    colors,
    marks: scatterMarks(scale),
    single: false,
    reducedMotion: false,
  }
  for (let i = 0; i < 20; i++) drawScatter(scatter, spanMs)
  const rounds = 60
  const before = process.cpuUsage()
  for (let i = 0; i < rounds; i++) drawScatter(scatter, spanMs)
  const { user, system } = process.cpuUsage(before)
  console.log(`ratio ${scale}: ${((user + system) / rounds / 1_000).toFixed(2)} ms CPU per picture`)
}
