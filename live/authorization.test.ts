import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunningLive } from './main.ts'
import { TestInstallation, until } from './test-installation.fixture.ts'
import { TestViewer } from './test-viewer.fixture.ts'

const token = 'a-long-and-secret-token'
let installation: TestInstallation
let live: RunningLive

beforeEach(async () => {
  installation = await TestInstallation.open()
})

afterEach(() => installation.destroy())

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** A request with any headers, Host and Origin too, and any path. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: live.port, path, method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** What an upgrade request is answered with; `head` is written as it is. */
function upgrade(path: string, headers: Record<string, string> = {}): Promise<string> {
  const lines = Object.entries({
    Host: `127.0.0.1:${live.port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`)
  return new Promise((resolve, reject) => {
    const socket = connect(live.port, '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    })
    socket.once('data', (data) => {
      resolve(String(data))
      socket.destroy()
    })
    socket.once('error', reject)
    socket.once('close', () => resolve(''))
  })
}

interface OpenApi {
  paths: Record<string, Record<string, { parameters?: { name: string; in: string; required?: boolean }[] }>>
}

/** Every route that there is, with values for what it needs: from the document that lists them, and what it leaves out. */
async function everyRoute(headers: Record<string, string>): Promise<string[]> {
  const document = JSON.parse((await ask('/api/v1/openapi.json', headers)).body) as OpenApi
  const described = Object.entries(document.paths).flatMap(([path, methods]) => {
    const { parameters = [] } = methods.get ?? {}
    const needed = parameters.filter((one) => one.in === 'query' && one.required === true)
    const query = needed.map(({ name }) => `${name}=/`).join('&')
    return methods.get === undefined
      ? []
      : [`${path.replace('{site}', '1')}${query === '' ? '' : `?${query}`}`]
  })
  return [...described, '/api/v1/openapi.json', '/', '/live', '/index.html', '/assets/main-1234.js']
}

test('[LV24] without the token every route, file and unknown path is answered with 401', async () => {
  live = await installation.startLive({ adminToken: token })
  const routes = await everyRoute({ authorization: `Bearer ${token}` })
  expect(routes.length).toBeGreaterThan(15)
  for (const path of [...routes, '/api/v1/nothing', '/nothing.js', '/api/v1/docs', '/%E0%A4%A', '//']) {
    for (const headers of [
      {},
      { authorization: 'Bearer wrong' },
      { cookie: 'sightline_token=wrong' },
      { cookie: 'sightline_token=%' },
    ]) {
      const { status, body } = await ask(path, headers)
      expect(status, path).toBe(401)
      expect(body, path).not.toContain('Site 1')
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
      expect((await ask(path, {}, method)).status, `${method} ${path}`).toBe(401)
    }
  }
})

test('[LV24] with it, as bearer or cookie, every route answers', async () => {
  live = await installation.startLive({ adminToken: token })
  const bearer = { authorization: `Bearer ${token}` }
  for (const path of await everyRoute(bearer)) {
    expect((await ask(path, bearer)).status, path).toBe(200)
    expect((await ask(path, { cookie: `a=b; sightline_token=${token}` })).status, path).toBe(200)
  }
})

test('[LV24] viewer sockets too', async () => {
  live = await installation.startLive({ adminToken: token })
  expect(await upgrade('/api/v1/live')).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/)
  expect(await upgrade('/api/v1/live', { Authorization: 'Bearer wrong' })).toMatch(/^HTTP\/1\.1 401 /)
  expect(await upgrade('/api/v1/live', { Authorization: `Bearer ${token}` })).toMatch(/^HTTP\/1\.1 101 /)
  expect(await upgrade('/api/v1/live', { Cookie: `sightline_token=${token}` })).toMatch(/^HTTP\/1\.1 101 /)
  const viewer = await TestViewer.connect(live.url, { authorization: `Bearer ${token}` })
  viewer.subscribe()
  await until('the snapshot is there', () => viewer.frames.length > 0)
})

test('[LV24] a browser gets a form, and its POST a cookie that no script can read', async () => {
  live = await installation.startLive({ adminToken: token })
  const page = await ask('/live', { accept: 'text/html,*/*' })
  expect(page.status).toBe(401)
  expect(page.body).toContain('action="/api/v1/sign-in"')
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: live.url }
  expect((await ask('/api/v1/sign-in', form, 'POST', 'token=wrong')).status).toBe(401)
  expect(
    (await ask('/api/v1/sign-in', { ...form, origin: 'https://evil.example' }, 'POST', `token=${token}`))
      .status,
  ).toBe(401)
  expect((await ask('/api/v1/sign-in', form, 'POST', '')).status).toBe(400)
  const signedIn = await ask('/api/v1/sign-in', form, 'POST', `token=${token}`)
  expect(signedIn.status).toBe(303)
  const [cookie] = signedIn.headers['set-cookie'] as string[]
  expect(cookie).toMatch(/HttpOnly/)
  expect(cookie).toMatch(/SameSite=Strict/)
  expect((await ask('/api/v1/sites', { cookie: cookie.split(';')[0] })).status).toBe(200)
})

test('[LV25] without a token, only under a name of this machine: another page’s name for it (DNS rebinding) is refused', async () => {
  live = await installation.startLive()
  for (const host of [
    'localhost',
    '127.0.0.1:7070',
    `localhost:${live.port}`,
    '[::1]:7070',
    '127.1.2.3',
    'shop.localhost',
  ]) {
    expect((await ask('/api/v1/sites', { host })).status, host).toBe(200)
    expect(await upgrade('/api/v1/live', { Host: host }), host).toMatch(/^HTTP\/1\.1 101 /)
  }
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    'a b',
  ]) {
    const { status, body } = await ask('/api/v1/sites', { host })
    expect(status, host).toBe(403)
    expect(JSON.parse(body)).toMatchObject({ error: 'host-refused' })
    expect(await upgrade('/api/v1/live', { Host: host }), host).toMatch(/^HTTP\/1\.1 403 /)
  }
})

test('[LV26] a viewer socket from another page is refused, also with the cookie', async () => {
  live = await installation.startLive({ adminToken: token })
  const signedIn = { Cookie: `sightline_token=${token}` }
  expect(await upgrade('/api/v1/live', { ...signedIn, Origin: live.url })).toMatch(/^HTTP\/1\.1 101 /)
  for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${live.port + 1}`, 'x']) {
    expect(await upgrade('/api/v1/live', { ...signedIn, Origin: origin }), origin).toMatch(/^HTTP\/1\.1 403 /)
  }
})

test('[LV16] an upgrade to a path that is no URL ended the process; so did a peer that was gone when it was refused', async () => {
  live = await installation.startLive()
  for (const path of ['//', '/\\', '/api/v1/live/../x', '*', 'http://[', '/api/v1/liver']) {
    expect(await upgrade(path), path).toMatch(/^HTTP\/1\.1 40\d /)
  }
  for (let i = 0; i < 30; i++) {
    const socket = connect(live.port, '127.0.0.1', () => {
      socket.write(
        'GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      )
      socket.resetAndDestroy()
    })
    await new Promise((resolve) => socket.once('close', resolve))
  }
  expect((await ask('/api/v1/config')).status).toBe(200)
})

test('[LV27] every answer carries a policy without third parties, inline scripts or framing', async () => {
  live = await installation.startLive()
  for (const path of ['/', '/assets/main-1234.js', '/api/v1/sites', '/api/v1/nothing', '/live']) {
    const { headers } = await ask(path)
    const policy = String(headers['content-security-policy'])
    expect(policy, path).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|https?:/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['x-powered-by']).toBeUndefined()
  }
  expect((await ask('/api/v1/sites')).headers['cache-control']).toBe('no-store')
  expect((await ask('/')).headers['cache-control']).toBe('no-cache')
  expect((await ask('/assets/main-1234.js')).headers['cache-control']).toContain('immutable')
})

test('[LV21, LV23] wrong paths, methods and bodies are answered in JSON, with no stack and nothing in the log', async () => {
  live = await installation.startLive()
  const json = { 'content-type': 'application/json' }
  const cases: [number, string, Answer][] = [
    [400, 'a path that can’t be decoded', await ask('/api/v1/sites/%E0%A4%A/totals')],
    [404, 'a file that can’t be decoded', await ask('/%E0%A4%A.js')],
    [404, 'an unknown route', await ask('/api/v1/nothing')],
    [404, 'an unknown file', await ask('/nothing.js')],
    [404, 'another method', await ask('/api/v1/sites', {}, 'DELETE')],
    [400, 'a body that is no JSON', await ask('/api/v1/sign-in', json, 'POST', '{"token":')],
    [
      413,
      'a body too large',
      await ask('/api/v1/sign-in', json, 'POST', JSON.stringify({ token: 'x'.repeat(200_000) })),
    ],
  ]
  for (const [status, name, answer] of cases) {
    expect(answer.status, name).toBe(status)
    expect(answer.headers['content-type'], name).toMatch(/^application\/json/)
    expect(Object.keys(JSON.parse(answer.body) as object), name).toEqual(['error', 'message'])
    expect(answer.body, name).not.toMatch(/\bat \/|node_modules|\.ts:|\.js:/)
  }
  expect(installation.lines).toEqual([])
})
