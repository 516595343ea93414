import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { builtSiteFolder } from './built-site.ts'
import { startDemoServer, type DemoServer } from './demo-server.ts'
import { insertSnippet, renderSnippet, snippetPlaceholder, type TrackerSnippet } from './snippet.ts'

const snippet: TrackerSnippet = { scriptUrl: 'http://127.0.0.1:7070/tracker.js', writeKey: 'wk_demo' }
const script = 'console.log("shop")'

let base: string
let folder: string
let servers: DemoServer[]

beforeEach(async () => {
  servers = []
  base = await mkdtemp(join(tmpdir(), 'sightline-demo-'))
  folder = join(base, 'web')
  await mkdir(join(folder, 'assets'), { recursive: true })
  await writeFile(join(folder, 'index.html'), `<!doctype html><head>${snippetPlaceholder}</head><p>shop</p>`)
  await writeFile(join(folder, 'assets', 'index-a1.js'), script)
  await writeFile(join(folder, 'assets', 'index-a1.css'), 'body{}')
  await writeFile(join(folder, 'favicon.svg'), '<svg/>')
  await writeFile(join(base, 'secret.txt'), 'not for visitors')
})

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()))
  await rm(base, { recursive: true })
})

async function start(tracker: TrackerSnippet | undefined = snippet): Promise<DemoServer> {
  const server = await startDemoServer({ host: '127.0.0.1', port: 0, snippet: tracker, folder })
  servers.push(server)
  return server
}

/** Sends a path as it stands: fetch would normalise `..` away before the server sees it. */
function rawGet(port: number, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('files', () => {
  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/assets/index-a1.js', 'text/javascript; charset=utf-8'],
    ['/assets/index-a1.css', 'text/css; charset=utf-8'],
    ['/favicon.svg', 'image/svg+xml'],
  ])('serves %s as %s', async (path, contentType) => {
    const { url } = await start()
    const response = await fetch(url + path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(contentType)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('serves the bytes of a file, whatever its query', async () => {
    const { url } = await start()
    expect(await (await fetch(`${url}/assets/index-a1.js?v=2`)).text()).toBe(script)
  })

  it('answers a HEAD request with the headers alone', async () => {
    const { url } = await start()
    const response = await fetch(`${url}/assets/index-a1.js`, { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-length')).toBe(String(script.length))
    expect(await response.text()).toBe('')
  })

  it('answers 304 to the tag it gave, and the file to another one', async () => {
    const { url } = await start()
    const first = await fetch(`${url}/favicon.svg`)
    const etag = first.headers.get('etag')!
    expect(first.headers.get('cache-control')).toBe('no-cache')
    const again = await fetch(`${url}/favicon.svg`, { headers: { 'If-None-Match': `"other", W/${etag}` } })
    expect(again.status).toBe(304)
    expect(again.headers.get('etag')).toBe(etag)
    const changed = await fetch(`${url}/favicon.svg`, { headers: { 'If-None-Match': '"other"' } })
    expect(changed.status).toBe(200)
  })

  it('gives the page another tag when the snippet changes', async () => {
    const one = await fetch((await start()).url)
    const two = await fetch((await start({ ...snippet, writeKey: 'wk_other' })).url)
    expect(one.headers.get('etag')).not.toBe(two.headers.get('etag'))
  })
})

describe('paths', () => {
  it.each(['/shop', '/product/ridge-mug', '/shop?category=table', '/no/such/page'])(
    'serves the page for %s',
    async (path) => {
      const { url } = await start()
      const response = await fetch(url + path)
      expect(response.status).toBe(200)
      expect(await response.text()).toContain('<p>shop</p>')
    },
  )

  it.each(['/assets/index-old.js', '/robots.txt', '/product/picture.png'])(
    'answers 404 for the missing asset %s',
    async (path) => {
      const { url } = await start()
      const response = await fetch(url + path)
      expect(response.status).toBe(404)
      expect(await response.text()).toBe('not found\n')
    },
  )

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/%00',
    '/%ff',
  ])('refuses the path %s', async (path) => {
    const { port } = await start()
    const { status, body } = await rawGet(port, path)
    expect(status).toBe(400)
    expect(body).toBe('bad path\n')
  })

  it('does not follow a link out of its folder', async () => {
    await symlink(join(base, 'secret.txt'), join(folder, 'linked.txt'))
    const { url } = await start()
    expect((await fetch(`${url}/linked.txt`)).status).toBe(404)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses %s', async (method) => {
    const { url } = await start()
    const response = await fetch(url, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD')
  })
})

describe('tracking', () => {
  it('puts the snippet into every page as a customer would', async () => {
    const { url } = await start()
    const html = await (await fetch(`${url}/cart`)).text()
    expect(html).toContain(
      '<script async src="http://127.0.0.1:7070/tracker.js" data-key="wk_demo"></script>',
    )
    expect(html).not.toContain(snippetPlaceholder)
  })

  it('serves the shop untracked without a snippet', async () => {
    const server = await startDemoServer({ host: '127.0.0.1', port: 0, snippet: undefined, folder })
    servers.push(server)
    const response = await fetch(server.url)
    expect(await response.text()).not.toContain('<script async')
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';")
  })

  it('allows scripts and sockets of itself and of the tracker only', async () => {
    const { url } = await start()
    const policy = (await fetch(url)).headers.get('content-security-policy')!
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self' http://127.0.0.1:7070",
      "connect-src 'self' http://127.0.0.1:7070 ws://127.0.0.1:7070",
      "style-src 'self'",
      "img-src 'self'",
      "font-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ])
  })

  it('allows a secure socket for a tracker over https', async () => {
    const { url } = await start({ scriptUrl: 'https://track.example/tracker.js', writeKey: 'k' })
    const policy = (await fetch(url)).headers.get('content-security-policy')
    expect(policy).toContain("connect-src 'self' https://track.example wss://track.example;")
  })

  it('escapes what it writes into the tag', () => {
    expect(renderSnippet({ scriptUrl: 'http://a/t.js?a=1&b=2', writeKey: '"><script>' })).toBe(
      '<script async src="http://a/t.js?a=1&amp;b=2" data-key="&quot;>&lt;script>"></script>',
    )
  })

  it('refuses a page with no place, or two, for the snippet', () => {
    expect(() => insertSnippet('<p>', snippet)).toThrow('exactly once, found 0 times')
    expect(() => insertSnippet(snippetPlaceholder + snippetPlaceholder, snippet)).toThrow('found 2 times')
  })

  it.each(['tracker.js', 'ftp://127.0.0.1/tracker.js'])(
    'refuses to start with the script URL %s',
    async (scriptUrl) => {
      await expect(start({ scriptUrl, writeKey: 'k' })).rejects.toThrow(TypeError)
    },
  )
})

describe('life', () => {
  it('names the command that builds the shop when it is missing', async () => {
    await rm(folder, { recursive: true })
    await expect(start()).rejects.toThrow('run "pnpm --filter @sightline/demo build"')
  })

  it('refuses a port that is taken', async () => {
    const { port } = await start()
    await expect(startDemoServer({ host: '127.0.0.1', port, snippet, folder })).rejects.toThrow('EADDRINUSE')
  })

  it('closes with a connection kept open, frees its port, and may be closed twice', async () => {
    const server = await start()
    await (await fetch(server.url)).text()
    await Promise.all([server.close(), server.close()])
    await expect(fetch(server.url)).rejects.toThrow()
    const next = await startDemoServer({ host: '127.0.0.1', port: server.port, snippet, folder })
    servers.push(next)
    expect(next.port).toBe(server.port)
  })

  it('finds the built shop from its source and from its compiled place', () => {
    expect(builtSiteFolder('/repo/demo/server')).toBe('/repo/demo/dist/web')
    expect(builtSiteFolder('/repo/demo/dist/server')).toBe('/repo/demo/dist/web')
  })
})
