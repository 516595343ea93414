// `npm run format`: brings all files into the one format, in place.
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { root } from './stamps.mjs'

const oxfmt = path.join(root, 'node_modules/oxfmt/bin/oxfmt')
const ended = spawnSync(process.execPath, [oxfmt, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
process.exitCode = ended.status ?? 1
