// Names that say nothing, and words that mean "not finished".
import { isCode, isTest } from './repository-files.mjs'

const emptyFolders = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'lib', 'misc'])
const barrel = /(^|\/)index\.(ts|tsx|mts|mjs)$/
const versioned = /(^|[-._])v\d+([-.]|$)/i
// What a test may not do: the first would hide the others, the rest would pass without showing anything.
const focused = /\b(?:test|it|describe|suite)(?:\.\w+)*\.only\b/
const skipped =
  /\b(?:test|it|describe|suite)(?:\.\w+)*\.(?:skip|skipIf|runIf|todo)\b|\b(?:ctx|context)\.skip\(/
const unfinished = /\b(?:TO[D]O|FIX[M]E|X[X]X)\b/

/** The faults of all files' names and words: strings that name the file (and line) and what to do. */
export function findNameFaults(texts) {
  const faults = []
  for (const [file, text] of texts) {
    faults.push(...pathFaults(file))
    if (isCode(file)) faults.push(...wordFaults(file, text))
  }
  return faults
}

function pathFaults(file) {
  const parts = file.split('/')
  const folder = parts.slice(0, -1).find((part) => emptyFolders.has(part))
  const faults = []
  if (folder) faults.push(`${file}: the folder ${folder}/ says nothing; name it after what is inside`)
  if (barrel.test(file)) faults.push(`${file}: no barrels; import the file that has the thing`)
  if (parts.some((part) => versioned.test(part))) faults.push(`${file}: no versions in names`)
  return faults
}

function wordFaults(file, text) {
  const faults = []
  for (const [at, line] of text.split('\n').entries()) {
    const where = `${file}:${at + 1}`
    if (unfinished.test(line)) faults.push(`${where}: finish it or file it, but leave no mark in the source`)
    if (!isTest(file)) continue
    if (focused.test(line)) faults.push(`${where}: a focused test hides all others`)
    if (skipped.test(line)) faults.push(`${where}: a test that is skipped shows nothing`)
  }
  return faults
}
