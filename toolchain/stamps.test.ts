import { rmSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { hashFiles, isFresh, root, setFresh, sourceFiles } from './stamps.mjs'

test('a step is fresh only with the hash that it was completed with', () => {
  const name = `test-${process.pid}`
  onTestFinished(() => rmSync(path.join(root, '.cache/stamps', name), { force: true }))
  expect(isFresh(name, 'a')).toBe(false)
  setFresh(name, 'a')
  expect(isFresh(name, 'a')).toBe(true)
  expect(isFresh(name, 'b')).toBe(false)
})

test('the hash depends on names, contents and words', () => {
  const one = hashFiles(['toolchain/stamps.mjs'])
  expect(hashFiles(['toolchain/stamps.mjs'])).toBe(one)
  expect(hashFiles(['toolchain/steps.mjs'])).not.toBe(one)
  expect(hashFiles(['toolchain/stamps.mjs'], 'word')).not.toBe(one)
})

test('sources are what a person wrote: nothing installed, built or hidden', () => {
  const files = sourceFiles('.')
  expect(files).toContain('toolchain/stamps.mjs')
  expect(files.filter((file) => /(^|\/)(node_modules|dist|\.[^/]+)\//.test(file))).toEqual([])
})
