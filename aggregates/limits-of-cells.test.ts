import { limits } from '@sightline/protocol/limits'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteReader, ByteWriter } from './binary.ts'
import { EdgesCell, edges, otherStep } from './edges.ts'
import { GridCounts } from './grid-counts.ts'
import { GridCell, gridIndex, grids } from './grids.ts'
import { sortKeys } from './sort-keys.ts'

describe('grids', () => {
  test('[G1] positions fall into 64 columns of the viewport and rows of 20 px, clamped', () => {
    expect(gridIndex(0, 0, 1_280)).toBe(0)
    expect(gridIndex(1_279, 19, 1_280)).toBe(63)
    expect(gridIndex(5_000, 20, 1_280)).toBe(64 + 63)
    expect(gridIndex(20, 40, 1_280)).toBe(2 * 64 + 1)
    expect(gridIndex(0, limits.positionPxMax, 1_280)).toBe((limits.gridRowsMax - 1) * 64)
    expect(gridIndex(100, 0, 1)).toBe(63)
  })

  test('[G2] nine outline versions: the ninth counts without outline, and so it stays after a reload', () => {
    let cell = new GridCell()
    for (let version = 1; version <= 10; version++) {
      cell.outline(version).add(version, 1)
      const out = new ByteWriter()
      grids.encodeCell(cell, out)
      cell = grids.decodeCell(new ByteReader(out.view()))
    }
    expect([...cell.outlines.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect([cell.outline(0).get(9), cell.outline(0).get(10), cell.total()]).toEqual([1, 1, 10])
  })

  test('counts are those of a Map, in ascending order', () => {
    const increments = fc.array(fc.tuple(fc.nat(2 ** 18 - 1), fc.integer({ min: 1, max: 9 })), {
      maxLength: 300,
    })
    fc.assert(
      fc.property(increments, (list) => {
        const counts = new GridCounts()
        const expected = new Map<number, number>()
        for (const [index, count] of list) {
          counts.add(index, count)
          expected.set(index, (expected.get(index) ?? 0) + count)
        }
        const seen: [number, number][] = []
        counts.forEach((index, count) => seen.push([index, count]))
        expect(seen).toEqual([...expected].sort(([a], [b]) => a - b))
        expect(counts.size).toBe(expected.size)
        for (const [index, count] of expected) expect(counts.get(index)).toBe(count)
      }),
    )
  })

  test('keys are sorted as numbers, few and many', () => {
    for (const count of [0, 1, 500, 513, 20_000]) {
      const keys = Uint32Array.from(
        { length: count + 5 },
        (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> ((i % 3) * 9),
      )
      const expected = keys.slice(0, count).sort()
      expect(sortKeys(keys, count)).toEqual(expected)
    }
  })
})

describe('edges', () => {
  test('[X3] steps beyond the limit count as one, and known ones go on', () => {
    const cell = new EdgesCell()
    for (let i = 0; i < limits.edgesPerCellMax + 100; i++) cell.addStep(`/${i}\u0000/to`, 1)
    cell.addStep('/0\u0000/to', 4)
    expect(cell.steps.get('/0\u0000/to')).toBe(5)
    expect(cell.steps.get(otherStep)).toBe(100)
    const out = new ByteWriter()
    edges.encodeCell(cell, out)
    const again = edges.decodeCell(new ByteReader(out.view()))
    expect(again.steps).toEqual(cell.steps)
    again.addStep('/new\u0000/to', 1)
    expect(again.steps.get(otherStep)).toBe(101)
  })
})
