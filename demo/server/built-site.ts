import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, sep } from 'node:path'

/** One file of the built shop, ready to be sent. */
export interface SiteFile {
  readonly bytes: Buffer
  readonly contentType: string
  /** Strong entity tag, quotes included. */
  readonly etag: string
}

/** The whole built shop: URL path (`/assets/index-x.js`) → file. */
export type BuiltSite = ReadonlyMap<string, SiteFile>

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/**
 * Folder into which `vite build` puts the shop. The server runs from its source (`server/`)
 * in tests and compiled (`dist/server/`) otherwise, so the way there differs.
 */
export function builtSiteFolder(serverFolder: string = import.meta.dirname): string {
  const parent = dirname(serverFolder)
  return basename(parent) === 'dist' ? join(parent, 'web') : join(parent, 'dist', 'web')
}

/** A file as it is served: its bytes with the content type and the entity tag that belong to them. */
export function siteFile(name: string, bytes: Buffer): SiteFile {
  const contentType = contentTypes[extname(name).toLowerCase()] ?? 'application/octet-stream'
  const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
  return { bytes, contentType, etag: `"${digest}"` }
}

/**
 * Reads the built shop into memory. It is a few hundred kilobytes, and a request can then only
 * ever name one of these files: no path of a request reaches the file system.
 * Links are left out.
 *
 * @throws Error if the folder holds no index.html, naming the command that builds it.
 */
export async function readBuiltSite(folder: string): Promise<BuiltSite> {
  const site = new Map<string, SiteFile>()
  for (const entry of await listFolder(folder)) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const url = `/${relative(folder, path).split(sep).join('/')}`
    site.set(url, siteFile(entry.name, await readFile(path)))
  }
  if (!site.has('/index.html')) {
    throw new Error(
      `the demo shop is not built: no index.html in ${folder}; run "pnpm --filter @sightline/demo build"`,
    )
  }
  return site
}

async function listFolder(folder: string) {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
