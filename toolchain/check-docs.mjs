// The documentation against the code: paths, commands, rules, error codes.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { isTest } from './repository-files.mjs'
import { root } from './stamps.mjs'

// Decisions tell what was true when they were taken, so they are not held against today's files.
const isDocument = (file) => file.endsWith('.md') && !file.startsWith('docs/adr/')
// Made by building or running, so not there in a fresh clone.
const generated = /(^|\/)(dist|node_modules|\.cache|\.sightline)(\/|$)/
const ruleId = /[A-Z]{1,3}\d+[a-z]?/

/** Paths named in backticks that do not exist, seen from the root or from the document's own folder. */
export function findPathFaults(texts, exists = (file) => existsSync(path.join(root, file))) {
  const folders = new Set(
    [...texts.keys()].filter((file) => file.includes('/')).map((file) => file.split('/')[0]),
  )
  const faults = []
  for (const [file, text] of texts) {
    if (!isDocument(file)) continue
    for (const [, span] of text.matchAll(/`([^`\n]+)`/g)) {
      if (!looksLikePath(span, folders)) continue
      const beside = path.posix.join(path.posix.dirname(file), span)
      if (!exists(span) && !exists(beside)) faults.push(`${file} names \`${span}\`, which does not exist`)
    }
  }
  return faults
}

function looksLikePath(span, folders) {
  if (generated.test(span) || !/^[\w@.-]+(\/[\w@.-]+)*\/?$/.test(span)) return false
  return span.includes('/') && folders.has(span.split('/')[0])
}

/** `npm run x` and `sightline x` in code spans and blocks whose x does not exist. */
export function findCommandFaults(texts, scripts, commands) {
  const faults = []
  for (const [file, text] of texts) {
    if (!isDocument(file)) continue
    for (const code of codeOf(text)) {
      for (const [, name] of code.matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)) {
        if (!scripts.includes(name))
          faults.push(`${file} names \`npm run ${name}\`, which package.json does not have`)
      }
      for (const [, name] of code.matchAll(/(?:^|[\n$] ?)(?:npm run )?sightline (?:-- )?([a-z][a-z-]*)/g)) {
        if (!commands.includes(name)) faults.push(`${file} names \`sightline ${name}\`, which is no command`)
      }
    }
  }
  return faults
}

function codeOf(text) {
  const blocks = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].map((match) => match[1])
  const spans = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map((match) => match[1])
  return [...blocks, ...spans]
}

/**
 * Rules that a SPEC.md states (`- **GW1** …` or a table row `| EL1 | …`) against the tests whose titles begin
 * with their ids (`[GW1] …`). A test of an unknown rule, or an id stated twice, is a fault; a rule that no
 * test shows is told as `unshown`.
 */
export function compareRules(texts) {
  const stated = new Map()
  const shown = new Map()
  const faults = []
  for (const [file, text] of texts) {
    if (path.basename(file) === 'SPEC.md') {
      for (const id of statedIds(text)) {
        if (stated.has(id)) faults.push(`${file} states ${id}, which ${stated.get(id)} states too`)
        stated.set(id, file)
      }
    } else if (isTest(file)) {
      for (const id of shownIds(text)) shown.set(id, file)
    }
  }
  for (const [id, file] of shown) {
    if (!stated.has(id)) faults.push(`${file} has a test of [${id}], which no SPEC.md states`)
  }
  return { faults, unshown: [...stated.keys()].filter((id) => !shown.has(id)) }
}

function statedIds(text) {
  const pattern = new RegExp(String.raw`^\s*(?:[-*]\s+\*\*|\|\s*(?:\*\*)?)(${ruleId.source})\b`, 'gm')
  return [...text.matchAll(pattern)].map((match) => match[1])
}

function shownIds(text) {
  const group = String.raw`\[${ruleId.source}(?:,\s*${ruleId.source})*\]`
  const titles = text.matchAll(new RegExp(String.raw`['"\`]((?:${group}\s*)+)`, 'g'))
  return [...titles].flatMap(([, groups]) => groups.match(new RegExp(ruleId.source, 'g')))
}

/** Codes of the error registry against docs/errors.md, in both directions. */
export function findErrorCodeFaults(codes, document) {
  const documented = [...document.matchAll(/^\|\s*`([a-z-]+)`/gm)].map((match) => match[1])
  return [
    ...codes.filter((code) => !documented.includes(code)).map((code) => `docs/errors.md lacks \`${code}\``),
    ...documented
      .filter((code) => !codes.includes(code))
      .map((code) => `docs/errors.md has \`${code}\`, which protocol/errors.ts does not`),
  ]
}
