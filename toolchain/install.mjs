import { existsSync } from 'node:fs'
import path from 'node:path'
import { runQuietly } from './child-process.mjs'
import { findPnpm } from './node-and-pnpm.mjs'
import { hashFiles, isFresh, root, setFresh } from './stamps.mjs'
import { packageFolders } from './workspace.mjs'
import { runStep } from './steps.mjs'

/** Installs the workspace's packages exactly as the lock file says; skipped while it is unchanged. */
export async function installPackages(env) {
  const manifests = packageFolders().map((folder) => path.join(folder, 'package.json'))
  const inputs = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]
  const hash = hashFiles(inputs, process.platform, process.arch)
  if (isFresh('install', hash) && existsSync(path.join(root, 'node_modules/.modules.yaml'))) return
  const pnpm = await findPnpm(env)
  // With no terminal pnpm would refuse to replace a node_modules that another pnpm made.
  const args = ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false']
  await runStep('installing packages', () => runQuietly(pnpm, args, { cwd: root, env }))
  setFresh('install', hash)
}
