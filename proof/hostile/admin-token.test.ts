// With an admin token set, nothing of the live server answers without it: every route there is, asked one by one.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { request, type IncomingHttpHeaders } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { Installation } from '../installation/installation.ts'

const token = 'a-token-of-the-test-0123456789'
const cli = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url))
const dashboardFolder = fileURLToPath(new URL('../../dashboard/dist/', import.meta.url))
const bearer = { authorization: `Bearer ${token}` }

interface ApiDescription {
  paths: Record<string, Record<string, { parameters?: { name: string; in: string; required?: boolean }[] }>>
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

let installation: Installation
let port: number

beforeAll(async () => {
  installation = await Installation.start(
    { kind: 'embedded' },
    { environment: { SIGHTLINE_ADMIN_TOKEN: token } },
  )
  port = Number(new URL(installation.liveUrls[0]).port)
})

afterAll(() => installation?.stop())

/** Sends the path as it is, without tidying it as fetch does. */
async function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string,
): Promise<Answer> {
  const asked = request({ host: '127.0.0.1', port, path, method, headers })
  asked.end(body)
  const [answer] = (await once(asked, 'response')) as [import('node:http').IncomingMessage]
  let text = ''
  for await (const part of answer) text += String(part)
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: text }
}

/** Whether the viewer socket opens; else the status of the refusal. */
async function viewerSocket(headers: Record<string, string> = {}): Promise<'open' | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/live`, { headers })
  const outcome = await new Promise<'open' | number>((resolve, reject) => {
    socket.once('open', () => resolve('open'))
    socket.once('unexpected-response', (_request, answer) => resolve(answer.statusCode ?? 0))
    socket.once('error', reject)
  })
  socket.terminate()
  return outcome
}

/** Every route of the API's own description, with values for what it needs. */
async function describedRoutes(): Promise<[method: string, path: string][]> {
  const { paths } = JSON.parse((await ask('/api/v1/openapi.json', bearer)).body) as ApiDescription
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]): [string, string] => {
      const query = parameters
        .filter((one) => one.in === 'query' && one.required)
        .map(({ name }) => `${name}=/`)
      return [
        method.toUpperCase(),
        `${path.replaceAll(/\{\w+\}/g, '1')}${query.length > 0 ? `?${query.join('&')}` : ''}`,
      ]
    }),
  )
}

function dashboardFiles(): string[] {
  const files = readdirSync(dashboardFolder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return files.map((file) =>
    `/${file.parentPath.slice(dashboardFolder.length)}/${file.name}`.replaceAll(/\/+/g, '/'),
  )
}

test('every described route: 401 without the token, an answer with it', async () => {
  const routes = await describedRoutes()
  expect(routes.length).toBeGreaterThanOrEqual(11)
  for (const [method, path] of routes) {
    const refused = await ask(path, {}, method)
    expect([path, refused.status, refused.headers['cache-control']]).toEqual([path, 401, 'no-store'])
    expect(JSON.parse(refused.body)).toMatchObject({ error: 'no-token' })
    expect([path, (await ask(path, { authorization: `Bearer ${token}x` }, method)).status]).toEqual([
      path,
      401,
    ])
    expect([path, (await ask(path, bearer, method)).status]).toEqual([path, 200])
  }
})

test('the description, the dashboard and each of its files: 401 without the token, an answer with it', async () => {
  const files = dashboardFiles()
  expect(files).toContain('/index.html')
  for (const path of ['/', '/api/v1/openapi.json', '/some/view', ...files]) {
    expect([path, (await ask(path)).status]).toEqual([path, 401])
    expect([path, (await ask(path, bearer)).status]).toEqual([path, 200])
  }
})

test('other ways to write a path, other methods and other places for the token: 401', async () => {
  const sites = '/api/v1/sites'
  const paths = [
    '//api/v1/sites',
    '/./api/v1/sites',
    '/x/../api/v1/sites',
    '/API/V1/SITES',
    '/api/v1/sites/',
    '/api/v1/%73ites',
    '/api/v1/sign-in/../sites',
    '/api/v1/sign-in%2f..%2fsites',
    '/assets/../api/v1/sites',
  ]
  for (const path of [...paths, `${sites}?token=${token}`])
    expect([path, (await ask(path)).status]).toEqual([path, 401])
  for (const method of ['HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH']) {
    expect([method, (await ask(sites, {}, method)).status]).toEqual([method, 401])
  }
  const wrong = [`Basic ${token}`, token, 'Bearer ', `bearer${token}`, `Bearer ${token.slice(0, -1)}`]
  for (const authorization of wrong)
    expect([authorization, (await ask(sites, { authorization })).status]).toEqual([authorization, 401])
  for (const cookie of [
    `sightline_token=${token}x`,
    'sightline_token=',
    'sightline_token=%E0%A4%A',
    `token=${token}`,
  ]) {
    expect([cookie, (await ask(sites, { cookie })).status]).toEqual([cookie, 401])
  }
})

describe('signing in', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  test('a browser is shown where to enter the token', async () => {
    const page = await ask('/', { accept: 'text/html' })
    expect(page.status).toBe(401)
    expect(page.body).toContain('action="/api/v1/sign-in"')
  })

  test('the right token is handed out as a cookie that scripts can’t read, and opens everything', async () => {
    const answer = await ask('/api/v1/sign-in', form, 'POST', `token=${token}`)
    expect(answer.status).toBe(303)
    const [cookie] = answer.headers['set-cookie'] ?? []
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Strict/i)
    const headers = { cookie: cookie.split(';')[0] }
    expect((await ask('/api/v1/sites', headers)).status).toBe(200)
    expect(await viewerSocket({ ...headers, origin: `http://127.0.0.1:${port}` })).toBe('open')
  })

  test('a wrong token, or one sent by another site’s page, gets no cookie', async () => {
    const refused = [
      await ask('/api/v1/sign-in', form, 'POST', 'token=wrong-wrong-wrong-wrong'),
      await ask('/api/v1/sign-in', { ...form, origin: 'https://evil.example' }, 'POST', `token=${token}`),
    ]
    for (const answer of refused) {
      expect(answer.status).toBe(401)
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
  })
})

test('the viewer socket: 401 without the token, 403 from another site’s page, open with it', async () => {
  expect(await viewerSocket()).toBe(401)
  expect(await viewerSocket({ authorization: 'Bearer wrong-wrong-wrong' })).toBe(401)
  expect(await viewerSocket({ cookie: `sightline_token=${token}`, origin: 'https://evil.example' })).toBe(403)
  expect(await viewerSocket(bearer)).toBe('open')
})

test.each(['0.0.0.0', '::', '192.0.2.1', 'example.com'])(
  'on %s without a token it does not start: exit code 2',
  async (host) => {
    const child = spawn(
      process.execPath,
      [cli, 'live', '--engine', 'kafka', '--live-host', host, '--live-port', '0'],
      { env: { PATH: process.env.PATH } },
    )
    let errors = ''
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()))
    const [code] = await once(child, 'exit')
    expect(code).toBe(2)
    expect(errors).toContain('SIGHTLINE_ADMIN_TOKEN')
    expect(errors).not.toMatch(/\n {4}at /)
  },
)
