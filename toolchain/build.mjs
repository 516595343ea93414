import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { runQuietly } from './child-process.mjs'
import { findPnpm } from './node-and-pnpm.mjs'
import { hashFiles, isFresh, root, setFresh, sourceFiles } from './stamps.mjs'
import { runStep } from './steps.mjs'
import { manifestOf, packageFolders } from './workspace.mjs'

/** Builds what is not up to date: the server packages with `tsc -b`, then the browser packages with Vite. */
export async function build(node, env) {
  const folders = packageFolders()
  await compile(node, env, compiledFolders())
  await bundle(
    env,
    folders.filter((folder) => manifestOf(folder).scripts?.build),
  )
}

function compiledFolders() {
  const { references } = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8'))
  return references.map((reference) => path.normalize(reference.path))
}

/** `tsc -b` over all packages that are referenced from the root tsconfig.json. */
async function compile(node, env, folders) {
  const inputs = ['pnpm-lock.yaml', 'tsconfig.base.json', 'tsconfig.json', ...folders.flatMap(sourceFiles)]
  const hash = hashFiles(inputs, node)
  if (isFresh('compile', hash) && folders.every(hasOutput)) return
  await runStep('compiling', () =>
    runQuietly(node, [path.join(root, 'node_modules/typescript/bin/tsc'), '-b'], { cwd: root, env }),
  )
  setFresh('compile', hash)
}

/** Each package's own "build" script, those that others need first. */
async function bundle(env, folders) {
  if (folders.length === 0) return
  // Bundles hold code of the packages they import, so all of the repository's sources count.
  const inputs = [
    'pnpm-lock.yaml',
    'tsconfig.base.json',
    ...packageFolders().flatMap(sourceFiles).filter(isBundled),
  ]
  const hash = hashFiles(inputs, ...folders)
  if (isFresh('bundle', hash) && folders.every(hasOutput)) return
  const pnpm = await findPnpm(env)
  const filters = folders.map((folder) => `--filter=./${folder}`)
  const args = ['--config.verify-deps-before-run=false', ...filters, 'run', 'build']
  await runStep(`bundling ${folders.join(', ')}`, () => runQuietly(pnpm, args, { cwd: root, env }))
  setFresh('bundle', hash)
}

const browserPackages = ['protocol', 'tracker', 'dashboard', 'demo']

function isBundled(file) {
  return browserPackages.includes(file.split(path.sep)[0]) && !file.endsWith('.test.ts')
}

function hasOutput(folder) {
  const hasSources = sourceFiles(folder).some((file) => /\.tsx?$/.test(file))
  return !hasSources || existsSync(path.join(root, folder, 'dist'))
}
