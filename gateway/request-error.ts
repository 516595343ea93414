import type { ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RefusedOrdinal } from '@sightline/protocol/delivery'
import { requestErrors, type RequestError } from '@sightline/protocol/errors'
import { limits } from '@sightline/protocol/limits'

/** What goes out instead of an answer: a code of the registry, and what exactly was wrong. */
export interface RequestRefusal {
  error: RequestError
  message: string
  /** Batches of a beacon that are refused for good, by ordinal from 1. */
  refused?: RefusedOrdinal[]
}

/** A refusal with the registry's words, unless there is something more exact to say. */
export function refusal(error: RequestError, message: string = requestErrors[error].meaning): RequestRefusal {
  return { error, message }
}

/** Answers a request with a refusal. The connection is closed: a body that nobody wants is not read. */
export function answerRefusal(response: ServerResponse, refused: RequestRefusal): void {
  if (response.headersSent) return void response.destroy()
  for (const [name, value] of headersOf(refused)) response.setHeader(name, value)
  response.statusCode = requestErrors[refused.error].status
  response.end(JSON.stringify(refused))
}

/** The same on a socket for which there is no response object: before an upgrade, or after bytes that aren't HTTP. */
export function writeRefusal(socket: Duplex, refused: RequestRefusal): void {
  if (!socket.writable) return void socket.destroy()
  const { status } = requestErrors[refused.error]
  const body = JSON.stringify(refused)
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...headersOf(refused).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

function headersOf(refused: RequestRefusal): [string, string][] {
  const headers: [string, string][] = [
    ['Content-Type', 'application/json; charset=utf-8'],
    ['Cache-Control', 'no-store'],
    ['Connection', 'close'],
  ]
  const { status } = requestErrors[refused.error]
  if (status === 429 || status === 503) headers.push(['Retry-After', String(limits.retryDelayMs / 1_000)])
  return headers
}
