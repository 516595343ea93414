// Everything starts here: `npm start`, `npm test`, `npm run …`. With Node's built-ins only, on Node ≥ 20,
// in a clone where nothing is installed yet. Each step is skipped while its inputs are unchanged.
import path from 'node:path'
import { build } from './build.mjs'
import { runProgram } from './child-process.mjs'
import { installPackages } from './install.mjs'
import { findNode } from './node-and-pnpm.mjs'
import { onParentDeath } from './parent-death.mjs'
import { root } from './stamps.mjs'

// What to prepare, and which program to run then; the words after the command follow its arguments. Benches run
// from their sources, like the tests: they use parts of the toolchain, which are not built.
const commands = {
  start: { install: true, build: true, program: ['cli/dist/main.js', 'up', '--demo'] },
  sightline: { install: true, build: true, program: ['cli/dist/main.js'] },
  bench: { install: true, build: true, program: ['proof/bench/main.ts'], flags: ['--conditions=source'] },
  build: { install: true, build: true, program: null },
  test: { install: true, build: false, program: ['toolchain/test.mjs'] },
  check: { install: true, build: false, program: ['toolchain/check.mjs'] },
  format: { install: true, build: false, program: ['toolchain/format.mjs'] },
  services: { install: false, build: false, program: ['toolchain/services.mjs'] },
}

/**
 * The environment of all that follows. npm hands its own settings down as `npm_config_*`, which pnpm
 * would take for its own; a registry that the person has chosen stays.
 */
function cleanEnv(node) {
  const env = {}
  for (const [key, value] of Object.entries(process.env)) {
    if (!key.startsWith('npm_config_') || key === 'npm_config_registry') env[key] = value
  }
  if (node) env.PATH = [path.dirname(node), env.PATH].join(path.delimiter)
  return env
}

async function main([name, ...args]) {
  const command = commands[name]
  if (!command) {
    console.error(`usage: node toolchain/launch.mjs ${Object.keys(commands).join('|')} [arguments]`)
    return 2
  }
  const node = command.install ? await findNode(cleanEnv()) : process.execPath
  const env = cleanEnv(node)
  if (command.install) await installPackages(env)
  if (command.build) await build(node, env)
  if (!command.program) return 0
  const [file, ...first] = command.program
  return runProgram(node, [...(command.flags ?? []), path.join(root, file), ...first, ...args], { env })
}

// When npm above us is killed it tells nobody. SIGTERM to ourselves then does the right thing: it ends a
// step at once, and is passed on to a program that runs.
if (process.env.npm_lifecycle_event) onParentDeath(() => process.kill(process.pid, 'SIGTERM'))

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`\n${error.output || error.message}`)
  process.exitCode = 1
}
