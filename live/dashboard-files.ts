import { stat } from 'node:fs/promises'
import path from 'node:path'
import express, { type RequestHandler } from 'express'

/** Serves the built dashboard; paths without a file behind them are views of its own, so they get its page. */
export async function serveDashboard(folder: string): Promise<RequestHandler> {
  const page = path.join(folder, 'index.html')
  await stat(page).catch(() => {
    throw new Error(`the dashboard is not built: ${page} is missing (npm run build)`)
  })
  const files = express.static(folder, {
    index: 'index.html',
    // Assets carry a hash in their name; the page that names them must not be kept.
    setHeaders: (response, file) =>
      response.setHeader(
        'Cache-Control',
        file.includes(`${path.sep}assets${path.sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
      ),
  })
  return (request, response, next) => {
    files(request, response, (error?: unknown) => {
      const isView =
        request.method === 'GET' && !request.path.startsWith('/api/') && path.extname(request.path) === ''
      if (error !== undefined || !isView) next(error)
      else response.setHeader('Cache-Control', 'no-cache').sendFile(page)
    })
  }
}
