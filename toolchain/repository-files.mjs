import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root, sourceFiles } from './stamps.mjs'

const textEnding = /\.(ts|tsx|mts|mjs|css|json|lua|proto|md|html|yaml|sh)$/
const lockFiles = new Set(['pnpm-lock.yaml', 'toolchain/package-lock.json'])

/** The texts of all our source files, by path relative to the root with forward slashes; no lock files. */
export function readRepository() {
  const texts = new Map()
  for (const file of sourceFiles('.')) {
    if (textEnding.test(file) && !lockFiles.has(file))
      texts.set(file, readFileSync(path.join(root, file), 'utf8'))
  }
  return texts
}

/** Whether a file is program text: what the rules about imports, sizes and names are about. */
export function isCode(file) {
  return /\.(ts|tsx|mts|mjs)$/.test(file)
}

/** Whether a file is a test, or a suite of tests that several implementations run. */
export function isTest(file) {
  return /\.(test|contract)\.tsx?$/.test(file)
}
