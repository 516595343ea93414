import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { limits } from '@sightline/protocol/limits'

/** The built tracker: as a classic script (`/tracker.js`) and as an ES module (`/tracker.mjs`). */
export interface TrackerScript {
  script: Uint8Array
  module: Uint8Array
}

/** One file of the tracker, ready to be sent to any page of any origin. */
export class ServedScript {
  private readonly compressed: Uint8Array
  private readonly etag: string

  constructor(private readonly bytes: Uint8Array) {
    this.compressed = gzipSync(bytes, { level: 9 })
    this.etag = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
  }

  /** Answers a GET or HEAD: 304 when the browser has this version. */
  serve(request: IncomingMessage, response: ServerResponse): void {
    const gzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
    const etag = `"${this.etag}${gzip ? '-gz' : ''}"`
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('Cache-Control', `public, max-age=${limits.trackerScriptCacheSecondsMax}`)
    response.setHeader('Vary', 'Accept-Encoding')
    response.setHeader('ETag', etag)
    if (request.headers['if-none-match']?.includes(etag) === true) {
      response.statusCode = 304
      response.end()
      return
    }
    const body = gzip ? this.compressed : this.bytes
    response.setHeader('Content-Type', 'text/javascript; charset=utf-8')
    response.setHeader('Content-Length', body.length)
    if (gzip) response.setHeader('Content-Encoding', 'gzip')
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}

/** Both forms of the tracker, or none when the gateway was started without it. */
export class ServedTracker {
  readonly script: ServedScript | null
  readonly module: ServedScript | null

  constructor(tracker: TrackerScript | undefined) {
    this.script = tracker === undefined ? null : new ServedScript(tracker.script)
    this.module = tracker === undefined ? null : new ServedScript(tracker.module)
  }
}
