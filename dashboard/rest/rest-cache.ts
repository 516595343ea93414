/** What is known of one address. */
export interface RestState {
  data: unknown
  error: Error | null
  loading: boolean
}

export interface RestParts {
  get(path: string): Promise<unknown>
  /** Runs a function after so many ms. */
  wait(run: () => void, delayMs: number): void
}

const retriesMax = 2
const retryMs = 500
const pathsMax = 200

const nothing: RestState = { data: undefined, error: null, loading: true }

/**
 * Answers of the REST API by address: fetched once however many ask, tried again when they fail, kept until asked to
 * be fetched anew. TanStack Query does the same and more for 10 KB; the page has 120 KB for everything.
 */
export class RestCache {
  private readonly parts: RestParts
  private readonly states = new Map<string, RestState>()
  private readonly listeners = new Set<() => void>()

  constructor(parts: RestParts) {
    this.parts = parts
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  read(path: string): RestState {
    return this.states.get(path) ?? nothing
  }

  /** Fetches what was not asked for before. */
  want(path: string): void {
    if (!this.states.has(path)) this.fetchAgain(path)
  }

  /** Fetches now; what is known already stays until the new answer has come. */
  fetchAgain(path: string): void {
    if (this.states.size >= pathsMax) this.states.clear()
    this.set(path, { ...this.read(path), error: null, loading: true })
    this.attempt(path, 0)
  }

  private attempt(path: string, retries: number): void {
    this.parts.get(path).then(
      (data) => this.set(path, { data, error: null, loading: false }),
      (error: unknown) => {
        if (retries < retriesMax)
          this.parts.wait(() => this.attempt(path, retries + 1), retryMs * 2 ** retries)
        else this.set(path, { ...this.read(path), error: asError(error), loading: false })
      },
    )
  }

  private set(path: string, state: RestState): void {
    this.states.set(path, state)
    for (const listener of this.listeners) listener()
  }
}

function asError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value))
}
