import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { findSizeFaults, longFiles, longFunctions } from './check-sizes.mjs'

test('a file is too long from its 301st line', () => {
  const lines = (count: number) => 'const x = 1\n'.repeat(count)
  const texts = new Map([
    ['live/short.ts', lines(300)],
    ['live/long.ts', lines(301)],
    ['docs/long.md', lines(1000)],
  ])
  expect(longFiles(texts)).toEqual({ 'live/long.ts': 301 })
})

test('a function is too long from its 71st line, blank lines and comments left out', async () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'sightline-sizes-'))
  const withLines = (name: string, count: number) =>
    `export function ${name}() {\n  // why\n\n${'  console.log(1)\n'.repeat(count - 2)}}\n`
  writeFileSync(path.join(dir, 'sizes.ts'), withLines('fits', 70) + withLines('tooLong', 71))
  try {
    expect(await longFunctions(process.execPath, dir, { cwd: dir })).toEqual({ 'sizes.ts tooLong': 71 })
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test.each([
  ['what is new and too large', { a: 301 }, {}, 'at most 300; split it'],
  ['what has grown', { a: 331 }, { a: 330 }, 'at most 330; split it'],
  ['an allowance that is larger than needed', { a: 320 }, { a: 330 }, 'write 320'],
  ['an allowance that is not needed', {}, { a: 330 }, 'take it out'],
])('the ratchet refuses %s', (_, found, allowed, reason) => {
  expect(findSizeFaults(found, allowed, 300)).toEqual([expect.stringContaining(reason)])
})

test('the ratchet accepts what is exactly as large as it says', () => {
  expect(findSizeFaults({ a: 330 }, { a: 330 }, 300)).toEqual([])
})
