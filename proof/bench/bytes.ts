import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { machine } from './machine.ts'

/** What browsers download, gzip bytes. */
export async function benchBytes(root: string) {
  const gzip = async (...parts: string[]) =>
    gzipSync(await readFile(path.join(root, ...parts)), { level: 9 }).length
  const assets = (await readdir(path.join(root, 'dashboard/dist/assets'))).filter((name) =>
    name.endsWith('.js'),
  )
  const sizes = await Promise.all(assets.map((name) => gzip('dashboard/dist/assets', name)))
  return {
    bench: 'bytes',
    tracker: await gzip('tracker/dist/tracker.js'),
    dashboard: sizes.reduce((sum, size) => sum + size, 0),
    machine: machine(),
  }
}
