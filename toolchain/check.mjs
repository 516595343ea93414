// `npm run check`: everything that can be said about the sources without running them as a product.
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import * as docs from './check-docs.mjs'
import { findImportFaults } from './check-imports.mjs'
import { findNameFaults } from './check-names.mjs'
import * as sizes from './check-sizes.mjs'
import { StepFailed, runQuietly } from './child-process.mjs'
import { readRepository } from './repository-files.mjs'
import { root } from './stamps.mjs'
import { secondsSince } from './steps.mjs'
import { packageFolders } from './workspace.mjs'

const shownFaults = 30
const node = process.execPath
const programs = {
  tsc: path.join(root, 'node_modules/typescript/bin/tsc'),
  oxlint: path.join(root, 'node_modules/oxlint/bin/oxlint'),
  oxfmt: path.join(root, 'node_modules/oxfmt/bin/oxfmt'),
}

/** Runs a tool; its output's lines are the faults when it ends with an error. */
async function faultsOf(program, ...args) {
  try {
    await runQuietly(node, [program, ...args], { cwd: root })
    return []
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    return (error.output || error.message).split('\n')
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8'))
}

/** A built module of ours, for what the checks have to know from the code itself. */
function importBuilt(file) {
  return import(pathToFileURL(path.join(root, file)).href)
}

/** The projects that are not built by `tsc -b`: those for the browser, and the tests of the toolchain. */
function unbuiltProjects() {
  const built = readJson('tsconfig.json').references.map((reference) =>
    path.join(reference.path, 'tsconfig.json'),
  )
  return [...packageFolders(), 'toolchain'].flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => /^tsconfig.*\.json$/.test(name))
      .map((name) => path.join(folder, name))
      .filter((file) => !built.includes(file)),
  )
}

async function checkTypes() {
  const built = await faultsOf(programs.tsc, '-b')
  if (built.length > 0) return built
  const others = unbuiltProjects().map((file) => faultsOf(programs.tsc, '--noEmit', '-p', file))
  return (await Promise.all(others)).flat()
}

async function checkSizes(texts) {
  const ratchet = sizes.readRatchet()
  return [
    ...sizes.findSizeFaults(sizes.longFiles(texts), ratchet.files, sizes.fileLinesMax),
    ...sizes.findSizeFaults(await sizes.longFunctions(node), ratchet.functions, sizes.functionLinesMax),
  ]
}

async function checkCommands(texts) {
  const { commands } = await importBuilt('cli/dist/commands.js')
  return docs.findCommandFaults(texts, Object.keys(readJson('package.json').scripts), Object.keys(commands))
}

async function checkErrorCodes(texts) {
  const { refusals, closures, requestErrors } = await importBuilt('protocol/dist/errors.js')
  const codes = [refusals, closures, requestErrors].flatMap(Object.keys)
  return docs.findErrorCodeFaults(codes, texts.get('docs/errors.md') ?? '')
}

async function checkConfigReference(texts) {
  const { configReference } = await importBuilt('cli/dist/config-reference.js')
  if (configReference() === texts.get('docs/config.md')) return []
  return [
    'docs/config.md is not what the settings say: npm run sightline -- config-reference > docs/config.md',
  ]
}

function checkRules(texts) {
  const { faults, unshown } = docs.compareRules(texts)
  if (unshown.length > 0) console.log(`  note: no test shows ${unshown.join(', ')}`)
  return faults
}

const checks = [
  ['types', checkTypes],
  ['lint', () => faultsOf(programs.oxlint, '-f', 'unix')],
  ['format', () => faultsOf(programs.oxfmt, '--list-different')],
  ['imports one way', findImportFaults],
  ['names', findNameFaults],
  ['sizes', checkSizes],
  ['docs: paths', (texts) => docs.findPathFaults(texts)],
  ['docs: commands', checkCommands],
  ['docs: rules', checkRules],
  ['docs: error codes', checkErrorCodes],
  ['docs: settings', checkConfigReference],
]

async function runCheck([name, findFaults], texts) {
  const start = performance.now()
  const faults = await Promise.resolve(texts)
    .then(findFaults)
    .catch((error) => [error.stack])
  console.log(`  ${faults.length === 0 ? 'ok  ' : 'FAIL'}  ${name.padEnd(20)} ${secondsSince(start)} s`)
  for (const fault of faults.slice(0, shownFaults)) console.log(`        ${fault}`)
  if (faults.length > shownFaults) console.log(`        … and ${faults.length - shownFaults} more`)
  return faults.length === 0
}

/** Runs all checks, the ones after a failed one too, and counts them. */
export async function check() {
  const texts = readRepository()
  const counts = { passed: 0, failed: 0 }
  for (const each of checks) counts[(await runCheck(each, texts)) ? 'passed' : 'failed'] += 1
  return counts
}

if (import.meta.main) process.exitCode = (await check()).failed === 0 ? 0 : 1
