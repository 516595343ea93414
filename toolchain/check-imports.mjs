// Imports run one way, the way of the data, and only a few files know the framework.
// (Cycles between files are found by the linter's import/no-cycle.)
import path from 'node:path'
import { isCode } from './repository-files.mjs'

const stages = ['gateway', 'processor', 'live']
const underCli = ['protocol', 'engine', 'aggregates', ...stages, 'tracker', 'demo', 'dashboard']

/** Which packages each package may import. No stage imports another: they meet at the wire, the log and the store. */
const mayImport = {
  protocol: [],
  tracker: ['protocol'],
  dashboard: ['protocol'],
  demo: ['protocol'],
  engine: ['protocol'],
  aggregates: ['protocol'],
  gateway: ['protocol', 'engine', 'aggregates'],
  processor: ['protocol', 'engine', 'aggregates'],
  live: ['protocol', 'engine', 'aggregates'],
  cli: underCli,
  proof: [...underCli, 'cli'],
}

const knowsNest = /(^|\/)main\.ts$|\.(module|gateway|controller)\.ts$/
// Vite reads its configuration before any package is built, so by path only.
const importsByPath = /(^|\/)vite\.config\.ts$/
// Tests, and what they are made of, may use the toolchain's servers.
const mayUseToolchain = /^proof\/|\.(test|contract|setup)\.tsx?$|^vitest\.config\.ts$/

/**
 * What a file imports: the specifiers of import and export declarations and of import().
 * @param {string} text
 */
export function specifiersOf(text) {
  const declarations = /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm
  const bare = /^\s*import\s*['"]([^'"]+)['"]/gm
  const dynamic = /\bimport\(\s*['"]([^'"]+)['"]/g
  return [declarations, bare, dynamic].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => match[1]),
  )
}

/** The faults of all files: strings that name the file, what it imports, and why it may not. */
export function findImportFaults(texts) {
  const faults = []
  for (const [file, text] of texts) {
    if (!isCode(file)) continue
    for (const specifier of specifiersOf(text)) {
      const fault = importFault(file, specifier)
      if (fault) faults.push(`${file} imports ${specifier}: ${fault}`)
    }
  }
  return faults
}

function importFault(file, specifier) {
  const [from] = file.split('/')
  if (!(from in mayImport)) return null
  if (specifier.startsWith('@nestjs/')) {
    return knowsNest.test(file)
      ? null
      : 'only main.ts, *.module.ts, *.gateway.ts and *.controller.ts import Nest'
  }
  if (specifier.startsWith('@sightline/')) return packageFault(from, specifier.split('/')[1])
  if (!specifier.startsWith('.')) return null
  const [to] = path.posix.join(path.posix.dirname(file), specifier).split('/')
  if (to === from) return null
  if (importsByPath.test(file)) return packageFault(from, to)
  if (to === 'toolchain' && mayUseToolchain.test(file)) return null
  return `packages import each other by name (@sightline/…), not by path`
}

function packageFault(from, to) {
  if (to === from) return 'files of the same package import each other by path'
  if (mayImport[from].includes(to)) return null
  return `${from} may import ${mayImport[from].join(', ') || 'no other package'}`
}
