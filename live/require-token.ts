import { requestErrors } from '@sightline/protocol/errors'
import type { RequestHandler } from 'express'
import type { Authorize } from './authorization.ts'
import { signInPage } from './sign-in-page.ts'

/** Where the token is handed in; it checks it itself. */
export const signInPath = '/api/v1/sign-in'

/** Lets no request through without the token. A browser that asks for a page is shown where to enter it. */
export function requireToken(authorize: Authorize): RequestHandler {
  return (request, response, next) => {
    // What is answered to the one who may see it must not stay in a cache that others see.
    if (request.path.startsWith('/api/')) response.setHeader('Cache-Control', 'no-store')
    const authority = authorize(request)
    const signsIn = request.method === 'POST' && request.path === signInPath
    if (authority === 'allowed' || (authority === 'no-token' && signsIn)) return next()
    const { status, meaning } = requestErrors[authority]
    response.status(status).setHeader('Cache-Control', 'no-store')
    const asksForPage = request.method === 'GET' && request.accepts(['json', 'html']) === 'html'
    if (authority === 'no-token' && asksForPage) response.type('html').send(signInPage)
    else response.json({ error: authority, message: meaning })
  }
}
