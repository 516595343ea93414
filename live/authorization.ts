import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Name of the cookie that the sign-in sets; HttpOnly, SameSite=Strict. */
export const tokenCookie = 'sightline_token'

/** Whether a request may pass: always when no token is configured (the server then listens on loopback alone). */
export type Authorize = (request: IncomingMessage) => boolean

export function createAuthorization(adminToken: string): Authorize {
  if (adminToken === '') return () => true
  return (request) => tokensOf(request).some((token) => sameToken(token, adminToken))
}

/** Compares in constant time whatever the lengths. */
export function sameToken(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
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

/**
 * A browser's WebSocket carries cookies across sites, so a viewer socket must come from this server's own page (or
 * from a program, which sends no Origin).
 */
export function isOwnOrigin(request: IncomingMessage): boolean {
  const origin = request.headers.origin
  if (origin === undefined) return true
  try {
    return new URL(origin).host === request.headers.host
  } catch {
    return false
  }
}
