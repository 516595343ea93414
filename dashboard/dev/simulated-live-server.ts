import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import type { RingSecond, ViewerMessage } from '@sightline/protocol/live-frames'
import { WebSocketServer } from 'ws'
import { simulatedOutline } from './simulated-outline.ts'
import { SimulatedTraffic } from './simulated-traffic.ts'
import { SimulatedViewer, type ViewerOptions } from './simulated-viewer.ts'
import { serveFile } from './serve-file.ts'

export interface SimulatedServerOptions extends ViewerOptions {
  /** 0 = any free port. */
  port: number
  seed: number
  visitors: number
  samplesPerSecond: number
  /** ms between frames. */
  frameMs: number
  /** Folder with the built dashboard; null = API only. */
  files: string | null
}

export interface SimulatedServer {
  url: string
  viewers: Set<SimulatedViewer>
  /** What the next viewers get. */
  options: SimulatedServerOptions
  close(): Promise<void>
}

/** As strict as the product's own: a page that breaks it breaks here first. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** A live server that makes its visitors up. For development and pictures only; the product never loads it. */
export async function startSimulatedServer(options: SimulatedServerOptions): Promise<SimulatedServer> {
  const { seed, visitors, samplesPerSecond } = options
  const traffic = new SimulatedTraffic({ seed, visitors, samplesPerSecond, nowMs: Date.now() })
  const viewers = new Set<SimulatedViewer>()
  const server = createServer((request, response) => answer(request, response, options))
  const sockets = new WebSocketServer({ server, path: '/api/v1/live', perMessageDeflate: false })
  sockets.on('connection', (socket) => {
    const viewer = new SimulatedViewer(socket, traffic, options)
    viewers.add(viewer)
    socket.on('message', (data) => viewer.take(JSON.parse(String(data)) as ViewerMessage))
    socket.on('close', () => viewers.delete(viewer))
  })

  let second = Math.floor(Date.now() / 1_000)
  const timer = setInterval(() => {
    const nowMs = Date.now()
    traffic.step(nowMs)
    const closed: RingSecond[] = []
    for (; second < Math.floor(nowMs / 1_000); second++) closed.push(traffic.closeSecond(second))
    for (const viewer of viewers) viewer.frame(nowMs, closed)
    traffic.fresh.length = 0
  }, options.frameMs)

  await new Promise<void>((resolve) => server.listen(options.port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    viewers,
    options,
    async close() {
      clearInterval(timer)
      for (const client of sockets.clients) client.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const sites = [
  {
    id: 1,
    name: 'Demo shop',
    writeKey: '1-abcdefghijklmnop',
    origins: ['http://127.0.0.1:7072'],
    timeZone: 'Europe/Stockholm',
  },
  { id: 2, name: 'My site', writeKey: '2-qrstuvwxyzabcdef', origins: ['*'], timeZone: 'Europe/Stockholm' },
]

function answer(request: IncomingMessage, response: ServerResponse, options: SimulatedServerOptions): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  response.setHeader('content-security-policy', contentSecurityPolicy)
  const json = (value: unknown) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
  if (pathname === '/api/v1/sites') json(sites)
  else if (pathname === '/api/v1/config') json({ gatewayUrl: 'http://127.0.0.1:7071', version: 'simulated' })
  else if (/^\/api\/v1\/sites\/\d+\/outline$/.test(pathname))
    json({ outline: simulatedOutline(searchParams.get('page') ?? '') })
  else if (options.files !== null && serveFile(options.files, pathname, response)) return
  else response.writeHead(404).end()
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '7070' },
      seed: { type: 'string', default: '1' },
      visitors: { type: 'string', default: '240' },
      samples: { type: 'string', default: '38' },
      frame: { type: 'string', default: '50' },
      sampled: { type: 'string', default: '1' },
      empty: { type: 'boolean', default: false },
      files: { type: 'string' },
    },
  })
  const server = await startSimulatedServer({
    port: Number(values.port),
    seed: Number(values.seed),
    visitors: Number(values.visitors),
    samplesPerSecond: Number(values.samples),
    frameMs: Number(values.frame),
    sampledOneIn: Number(values.sampled),
    empty: values.empty,
    files: values.files ?? null,
  })
  console.log(`simulated live server: ${server.url} (seed ${values.seed}, ${values.visitors} visitors)`)
}
