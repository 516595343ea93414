// Files of one subject, functions that fit on a screen. What is larger stands in size-ratchet.json with its
// present size, and may only shrink.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { StepFailed, runQuietly } from './child-process.mjs'
import { isCode, isTest } from './repository-files.mjs'
import { root } from './stamps.mjs'

export const fileLinesMax = 300
export const functionLinesMax = 70

const sized = (file) => isCode(file) || /\.(css|lua)$/.test(file)

/** Lines of each file that is too long: `{ 'path': lines }`. */
export function longFiles(texts) {
  const found = {}
  for (const [file, text] of texts) {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
    if (sized(file) && lines > fileLinesMax) found[file] = lines
  }
  return found
}

/**
 * Lines (blank ones and comments left out) of each function that is too long, in the file or folder given:
 * `{ 'path function': lines }`. The linter counts; tests are left out, as a describe() is not a function to read.
 */
export async function longFunctions(node, target = '.', options = { cwd: root }) {
  const config = path.join(root, 'toolchain/function-sizes.oxlintrc.json')
  const oxlint = path.join(root, 'node_modules/oxlint/bin/oxlint')
  const args = [oxlint, '-c', config, '--disable-nested-config', '-f', 'json', target]
  const output = await runQuietly(node, args, options).catch((error) => {
    if (error instanceof StepFailed && error.output.startsWith('{')) return error.output
    throw error
  })
  const found = {}
  for (const { filename, message } of JSON.parse(output).diagnostics) {
    if (isTest(filename)) continue
    const lines = Number(/\((\d+)\)/.exec(message)?.[1])
    const name = /`([^`]+)`/.exec(message)?.[1] ?? 'unnamed function'
    const key = `${filename} ${name}`
    found[key] = Math.max(lines, found[key] ?? 0)
  }
  return found
}

/** Compares what is too large with what the ratchet allows; strings that say what to do. */
export function findSizeFaults(found, allowed, linesMax) {
  const faults = []
  for (const [name, lines] of Object.entries(found)) {
    const limit = allowed[name] ?? linesMax
    if (lines > limit) faults.push(`${name}: ${lines} lines, at most ${limit}; split it`)
  }
  for (const [name, limit] of Object.entries(allowed)) {
    const lines = found[name]
    if (lines === undefined)
      faults.push(`${name}: is no longer too large; take it out of toolchain/size-ratchet.json`)
    else if (lines < limit) faults.push(`${name}: has shrunk; write ${lines} in toolchain/size-ratchet.json`)
  }
  return faults
}

/** What size-ratchet.json allows: `{ files: { path: lines }, functions: { 'path name': lines } }`. */
export function readRatchet() {
  return JSON.parse(readFileSync(path.join(root, 'toolchain/size-ratchet.json'), 'utf8'))
}
