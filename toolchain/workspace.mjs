import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './stamps.mjs'

/** The folders of the workspace's packages, in the order of pnpm-workspace.yaml: that of the data. */
export function packageFolders() {
  const lines = readFileSync(path.join(root, 'pnpm-workspace.yaml'), 'utf8').split('\n')
  const start = lines.indexOf('packages:') + 1
  const end = lines.findIndex((line, at) => at >= start && !line.startsWith('  - '))
  return lines
    .slice(start, end)
    .map((line) => line.slice('  - '.length).trim())
    .filter((folder) => existsSync(path.join(root, folder, 'package.json')))
}

/** A package's package.json. */
export function manifestOf(folder) {
  return JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'))
}
