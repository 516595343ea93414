import { readFileSync, statSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Serves a file below `folder`, `/` as index.html; false when there is none. */
export function serveFile(folder: string, pathname: string, response: ServerResponse): boolean {
  const path = normalize(join(folder, pathname === '/' ? 'index.html' : decodeURIComponent(pathname)))
  if (!path.startsWith(normalize(folder) + sep)) return false
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false
  response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream')
  response.end(readFileSync(path))
  return true
}
