import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Name of the cookie that the sign-in sets; HttpOnly, SameSite=Strict. */
export const tokenCookie = 'sightline_token'

/**
 * Whether a request may pass. With a token configured it must bring it. Without one the server listens on loopback
 * alone, and answers only under a name that means this machine: else a page anywhere could give its own name this
 * address (DNS rebinding) and read along.
 */
export type Authorize = (request: IncomingMessage) => 'allowed' | 'no-token' | 'host-refused'

export function createAuthorization(adminToken: string): Authorize {
  if (adminToken === '')
    return (request) => (isLoopbackName(request.headers.host) ? 'allowed' : 'host-refused')
  return (request) =>
    tokensOf(request).some((token) => sameToken(token, adminToken)) ? 'allowed' : 'no-token'
}

/** Compares in constant time whatever the lengths. */
export function sameToken(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

/**
 * A browser's WebSocket carries cookies across sites, so a viewer socket must come from this server's own page (or
 * from a program, which sends no Origin).
 */
export function isOwnOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)
}

function isLoopbackName(host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false
  const { hostname } = new URL(`http://${host}`)
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  )
}

function tokensOf(request: IncomingMessage): string[] {
  const tokens: string[] = []
  const header = request.headers.authorization
  if (header?.startsWith('Bearer ')) tokens.push(header.slice('Bearer '.length))
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2)
    if (name === tokenCookie && value !== undefined) tokens.push(decode(value))
  }
  return tokens
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
