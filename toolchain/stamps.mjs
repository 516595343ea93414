// A step is skipped while what it depends on is unchanged: a hash of its inputs is kept under .cache/.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

const stampDir = path.join(root, '.cache/stamps')
const notSources = new Set(['node_modules', 'dist', 'coverage', 'test-results'])

/**
 * All files below a folder, sorted, as paths relative to the root; without what is installed, built
 * or hidden.
 */
export function sourceFiles(folder) {
  /** @type {string[]} */
  const found = []
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || notSources.has(entry.name)) continue
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) found.push(...sourceFiles(file))
    else if (entry.isFile()) found.push(file)
  }
  return found.sort()
}

/** A hash over the names and contents of files, and of further words such as a version. */
export function hashFiles(files, ...words) {
  const hash = createHash('sha256')
  for (const word of words) hash.update(`${word}\0`)
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0')
  return hash.digest('hex')
}

/** Whether a step was last completed with this hash of its inputs. */
export function isFresh(name, hash) {
  try {
    return readFileSync(path.join(stampDir, name), 'utf8') === hash
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

/** Remembers that a step was completed with this hash of its inputs. */
export function setFresh(name, hash) {
  mkdirSync(stampDir, { recursive: true })
  writeFileSync(path.join(stampDir, name), hash)
}
