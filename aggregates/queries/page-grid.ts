import { limits } from '@sightline/protocol/limits'
import { GridCell, grids, gridsField, type GridKind } from '../grids.ts'
import type { Layout } from '../layout.ts'
import type { PartitionState } from '../partition-state.ts'
import type { Cover } from './time-cover.ts'

export interface PageGrid {
  /** Width of a cell is 1/columns of the viewport, its height rowPx. */
  columns: number
  rowPx: number
  outlines: OutlineGrid[]
}

export interface OutlineGrid {
  /** Version of the page's outline; 0 = without, or beyond the limit of versions. */
  outline: number
  /** Cells with a count, ascending by row × columns + column. */
  index: number[]
  count: number[]
}

/** The move grid (`m`) or click grid (`c`) of a page and layout in a range, by outline version. */
export function pageGrid(
  states: readonly PartitionState[],
  { site, page, layout, kind }: { site: number; page: string; layout: Layout; kind: GridKind },
  cover: Cover,
): PageGrid {
  const sum = new GridCell()
  for (const state of states) {
    for (const { resolution, startMs } of cover.parts) {
      const cell = state.store(grids).cell(gridsField(site, layout, kind, page), resolution, startMs)
      if (cell !== undefined) grids.merge(sum, cell)
    }
  }
  const outlines = [...sum.outlines]
    .sort(([a], [b]) => a - b)
    .map(([outline, counts]) => {
      const grid: OutlineGrid = { outline, index: [], count: [] }
      counts.forEach((index, count) => {
        grid.index.push(index)
        grid.count.push(count)
      })
      return grid
    })
  return { columns: limits.gridColumns, rowPx: limits.gridRowPx, outlines }
}
