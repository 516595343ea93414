/** The server answered, but not with what was asked for. */
export class ApiError extends Error {
  readonly status: number

  constructor(path: string, status: number) {
    super(`${path} answered with status ${status}`)
    this.name = 'ApiError'
    this.status = status
  }
}

/**
 * Fetches JSON from the live server that the page came from. A missing sign-in (401) loads the page anew, which the
 * server answers with its sign-in form.
 *
 * @throws ApiError for any status but 2xx; TypeError when the server can't be reached
 */
export async function getJson<Value>(path: string): Promise<Value> {
  const response = await fetch(path, { headers: { accept: 'application/json' } })
  if (response.status === 401) signInAgain()
  if (!response.ok) throw new ApiError(path, response.status)
  return (await response.json()) as Value
}

const reloadedKey = 'sightline.reloaded'
const reloadMsMin = 10_000

/** Loads the page anew, at most once in ten seconds: a server that is set up wrongly must not make it spin. */
export function signInAgain(): void {
  const nowMs = Date.now()
  if (nowMs - Number(sessionStorage.getItem(reloadedKey) ?? 0) < reloadMsMin) return
  sessionStorage.setItem(reloadedKey, String(nowMs))
  location.reload()
}
