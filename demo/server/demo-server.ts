import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { builtSiteFolder, readBuiltSite, siteFile, type BuiltSite, type SiteFile } from './built-site.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'
import { insertSnippet, type TrackerSnippet } from './snippet.ts'

/** How to serve the demo shop. */
export interface DemoServerOptions {
  /** Address to listen on, e.g. `127.0.0.1`. */
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** The tracker to load in every page; undefined serves the shop untracked. */
  readonly snippet: TrackerSnippet | undefined
  /** Folder with the built shop; by default where this package's build puts it. */
  readonly folder?: string
}

/** A demo shop that answers requests. */
export interface DemoServer {
  /** e.g. `http://127.0.0.1:7080`, without a trailing slash. */
  readonly url: string
  readonly port: number
  /** Stops listening and closes all connections. May be called again. */
  close(): Promise<void>
}

/**
 * Serves the built demo shop over plain HTTP. Every page holds the snippet as a customer would
 * have pasted it.
 *
 * @throws Error if the shop isn't built, the snippet's URL isn't one, or the port is taken.
 */
export async function startDemoServer(options: DemoServerOptions): Promise<DemoServer> {
  const site = await trackedSite(options)
  const headers = {
    'Content-Security-Policy': contentSecurityPolicy(options.snippet),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    // Always asked again, answered with 304 where nothing changed: a rebuilt shop shows at once.
    'Cache-Control': 'no-cache',
  }
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    answer(site, request, response)
  })
  await listen(server, options.host, options.port)
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  let closed: Promise<void> | undefined
  return {
    url: `http://${host}:${port}`,
    port,
    close: () => (closed ??= close(server)),
  }
}

async function trackedSite(options: DemoServerOptions): Promise<BuiltSite> {
  const site = new Map(await readBuiltSite(options.folder ?? builtSiteFolder()))
  const html = site.get('/index.html')!.bytes.toString('utf8')
  site.set('/index.html', siteFile('index.html', Buffer.from(insertSnippet(html, options.snippet))))
  return site
}

function answer(site: BuiltSite, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    answerText(response, 405, 'method not allowed')
    return
  }
  const path = requestPath(request.url ?? '/')
  if (path === undefined) {
    answerText(response, 400, 'bad path')
    return
  }
  const file = site.get(path) ?? pageFor(site, path)
  if (file === undefined) {
    answerText(response, 404, 'not found')
    return
  }
  answerFile(response, file, request)
}

/** The decoded path of a request, or undefined if it is no honest path into the site. */
function requestPath(url: string): string | undefined {
  const raw = url.split(/[?#]/, 1)[0]!
  let path: string
  try {
    path = decodeURIComponent(raw)
  } catch {
    return undefined
  }
  if (!path.startsWith('/') || path.includes('\\') || path.includes('\0')) return undefined
  return path.split('/').includes('..') ? undefined : path
}

/**
 * The shop draws its pages in the browser, so each path that isn't a file is its one page.
 * A missing asset stays missing: answering a script's URL with a page hides a broken build.
 */
function pageFor(site: BuiltSite, path: string): SiteFile | undefined {
  const lastSegment = path.slice(path.lastIndexOf('/') + 1)
  return lastSegment.includes('.') ? undefined : site.get('/index.html')
}

function answerFile(response: ServerResponse, file: SiteFile, request: IncomingMessage): void {
  response.setHeader('ETag', file.etag)
  if (matchesTag(request.headers['if-none-match'], file.etag)) {
    response.writeHead(304).end()
    return
  }
  response.writeHead(200, { 'Content-Type': file.contentType, 'Content-Length': file.bytes.length })
  response.end(request.method === 'HEAD' ? undefined : file.bytes)
}

function matchesTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)))
    server.closeAllConnections()
  })
}
