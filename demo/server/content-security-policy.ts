import type { TrackerSnippet } from './snippet.ts'

/**
 * The shop's content security policy: its own files, and the tracker's origin for the script,
 * the socket and the beacon. Nothing inline, nothing from third parties.
 *
 * @throws TypeError if the snippet's script URL isn't an absolute http(s) URL.
 */
export function contentSecurityPolicy(snippet: TrackerSnippet | undefined): string {
  const script = ["'self'"]
  const connect = ["'self'"]
  if (snippet !== undefined) {
    const url = new URL(snippet.scriptUrl)
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new TypeError(`the tracker's script URL must be http or https: ${snippet.scriptUrl}`)
    }
    const socketScheme = url.protocol === 'https:' ? 'wss:' : 'ws:'
    script.push(url.origin)
    connect.push(url.origin, `${socketScheme}//${url.host}`)
  }
  return [
    "default-src 'none'",
    `script-src ${script.join(' ')}`,
    `connect-src ${connect.join(' ')}`,
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
