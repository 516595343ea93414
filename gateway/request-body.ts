import type { IncomingMessage } from 'node:http'

/** The whole body, or why there is none. */
export type RequestBody = Uint8Array | 'too-large' | 'aborted'

/**
 * Reads a body of at most `bytesMax` bytes. The declared length is believed only to refuse early. How long it may take
 * is the HTTP server's requestTimeout, which ends the request: 'aborted'.
 */
export function readBody(request: IncomingMessage, bytesMax: number): Promise<RequestBody> {
  if (Number(request.headers['content-length']) > bytesMax) return Promise.resolve('too-large')
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= bytesMax) return void chunks.push(chunk)
      chunks.length = 0
      request.pause()
      resolve('too-large')
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', () => resolve('aborted'))
    request.on('close', () => resolve('aborted'))
  })
}
