// `npm test`: what it needs, the checks, the build, then all tests; or with words (`npm test -- protocol`)
// only the test files whose path holds one of them. The last line is the sum.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { build } from './build.mjs'
import { check } from './check.mjs'
import { runProgram } from './child-process.mjs'
import { fetchKafkaJars } from './kafka-jars.mjs'
import { allPrograms, requirePrograms } from './requirements.mjs'
import { root } from './stamps.mjs'

const say = (line) => console.log(`  ${line}`)
const node = process.execPath
const resultFile = path.join(root, '.cache/test-results.json')

/** Runs Vitest over all projects, or the files that the words choose; the counts of its tests. */
async function runVitest(words) {
  mkdirSync(path.dirname(resultFile), { recursive: true })
  rmSync(resultFile, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultFile}`]
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
  const exitCode = await runProgram(node, [vitest, 'run', ...reporters, ...words], { cwd: root })
  return countTests(exitCode, readResults())
}

function readResults() {
  try {
    return JSON.parse(readFileSync(resultFile, 'utf8'))
  } catch {
    return null // it ended before it could write them, which its exit code tells
  }
}

/** The counts in Vitest's report. A run that failed without a failed test (a file that does not load) is one failure. */
export function countTests(exitCode, results) {
  const passed = results?.numPassedTests ?? 0
  const failed = results?.numFailedTests ?? 0
  const skipped = (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0)
  const unwell = exitCode !== 0 || passed + failed === 0
  return { passed, failed: failed === 0 && unwell ? 1 : failed, skipped }
}

/** A build that fails is a failure; the tests that need none of it are run all the same. */
async function buildOrTell() {
  try {
    await build(node, process.env)
    return {}
  } catch (error) {
    console.error(error.output || error.stack)
    return { failed: 1 }
  }
}

async function main(words) {
  const everything = words.length === 0
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const add = (more) => {
    for (const [key, count] of Object.entries(more)) counts[key] += count
  }
  if (everything) {
    requirePrograms(allPrograms, say)
    await fetchKafkaJars(say)
    console.log('checks')
    add(await check())
  }
  if (everything || words.some((word) => word.includes('proof'))) {
    console.log('build')
    add(await buildOrTell())
  }
  console.log('tests')
  add(await runVitest(words))
  return counts
}

if (import.meta.main) {
  let counts
  try {
    counts = await main(process.argv.slice(2))
  } catch (error) {
    console.error(error.output || error.stack)
    counts = { passed: 0, failed: 1, skipped: 0 }
  }
  console.log(`tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  process.exitCode = counts.failed === 0 ? 0 : 1
}
