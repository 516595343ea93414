import { expect, test } from 'vitest'
import { findNameFaults } from './check-names.mjs'

const faultsOf = (file: string, text = '') => findNameFaults(new Map([[file, text]]))

test.each([
  'engine/utils/time.ts',
  'live/shared/view.ts',
  'protocol/index.ts',
  'protocol/codec-v2.ts',
  'live/v1/view.ts',
])('refuses the name %s', (file) => {
  expect(faultsOf(file)).toHaveLength(1)
})

test.each([
  'engine/log/event-log.ts',
  'dashboard/index.html',
  'live/overview.ts',
  'demo/web/common-name.tsx',
])('accepts the name %s', (file) => {
  expect(faultsOf(file)).toEqual([])
})

// Put together here, so that this file itself has none of these words.
const dot = '.'
test.each([
  `test${dot}only('x', () => {})`,
  `describe${dot}skip('x', () => {})`,
  `test${dot}skipIf(!process.env.KAFKA)('x', () => {})`,
  `it${dot}todo('x')`,
  `it${dot}concurrent${dot}only('x', () => {})`,
  `// ${'TO'}${'DO'}: later`,
])('refuses %s in a test', (line) => {
  expect(faultsOf('live/view.test.ts', `\n${line}\n`)).toEqual([
    expect.stringContaining('live/view.test.ts:2'),
  ])
})

test('accepts the same words where they are no tests', () => {
  expect(faultsOf('live/view.ts', 'reader.skip(4)')).toEqual([])
  expect(faultsOf('live/view.test.ts', 'reader.skip(4)')).toEqual([])
})
