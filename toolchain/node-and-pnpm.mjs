// Node ≥ 24 and pnpm ≥ 12: the machine's own where it has them, otherwise as ordinary registry
// packages, with their integrity in toolchain/package-lock.json.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { runQuietly } from './child-process.mjs'
import { findProgram } from './requirements.mjs'
import { hashFiles, isFresh, root, setFresh } from './stamps.mjs'
import { runStep } from './steps.mjs'

const nodeMajorMin = 24
const pnpmMajorMin = 12
const folder = path.join(root, 'toolchain')
const platform = `${process.platform}-${process.arch}`
const ownNode = path.join(folder, `node_modules/node-${platform}/bin/node`)
const ownPnpm = path.join(folder, `node_modules/@pnpm/exe.${platform}/pnpm`)
const suppliedPlatforms = ['linux-x64', 'linux-arm64']

const majorOf = (version) => Number.parseInt(version, 10)

/** The full path of a Node that is new enough; installs one when this one is too old. */
export async function findNode(env) {
  if (majorOf(process.versions.node) >= nodeMajorMin) return process.execPath
  await installBoth(env)
  return ownNode
}

/** The full path of a pnpm that is new enough; installs one when the machine has none. */
export async function findPnpm(env) {
  const found = findProgram('pnpm', env.PATH)
  if (found && found !== ownPnpm && (await isPnpmNewEnough(found, env))) return found
  await installBoth(env)
  return ownPnpm
}

async function isPnpmNewEnough(pnpm, env) {
  // Asked outside the repository, and never over the network: Corepack's stand-in would fetch a pnpm.
  const options = { cwd: path.parse(root).root, env: { ...env, COREPACK_ENABLE_NETWORK: '0' } }
  try {
    return majorOf(await runQuietly(pnpm, ['--version'], options)) >= pnpmMajorMin
  } catch {
    return false // a pnpm that cannot tell its version is as good as none
  }
}

async function installBoth(env) {
  const hash = hashFiles(['toolchain/package-lock.json'], platform)
  if (isFresh('toolchain', hash) && existsSync(ownNode) && existsSync(ownPnpm)) return
  if (!suppliedPlatforms.includes(platform)) {
    throw new Error(
      `Sightline needs Node ≥ ${nodeMajorMin} and pnpm ≥ ${pnpmMajorMin}. It brings both on ` +
        `${suppliedPlatforms.join(' and ')}; on ${platform} please install them, then run the same command again.`,
    )
  }
  await runStep(`installing Node ${nodeMajorMin} and pnpm ${pnpmMajorMin} into toolchain/`, () =>
    runQuietly('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, env }),
  )
  setFresh('toolchain', hash)
}
