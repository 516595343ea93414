import type { RequestHandler } from 'express'
import type { Authorize } from './authorization.ts'
import { signInPage } from './sign-in-page.ts'

/** Where the token is handed in; it checks it itself. */
export const signInPath = '/api/v1/sign-in'

/** Lets no request through without the token. A browser that asks for a page is shown where to enter it. */
export function requireToken(authorize: Authorize): RequestHandler {
  return (request, response, next) => {
    if (authorize(request) || (request.method === 'POST' && request.path === signInPath)) return next()
    response.status(401).setHeader('Cache-Control', 'no-store')
    if (request.method === 'GET' && request.accepts(['json', 'html']) === 'html') response.type('html').send(signInPage)
    else response.json({ error: 'unauthorized', message: 'Send the admin token as a bearer token, or sign in.' })
  }
}
