const troubleMs = 3_000

/** Says once that something has been failing for some seconds, and says it again only after it has worked meanwhile. */
export class Trouble {
  private readonly warn: (line: string) => void
  private sinceMs: number | null = null
  private told = false

  constructor(warn: (line: string) => void) {
    this.warn = warn
  }

  /** @param what begins the line: who waits for what */
  failed(what: string, error: unknown): void {
    const nowMs = performance.now()
    this.sinceMs ??= nowMs
    if (this.told || nowMs - this.sinceMs < troubleMs) return
    this.told = true
    this.warn(`${what}: ${reasonOf(error)}`)
  }

  over(): void {
    this.sinceMs = null
    this.told = false
  }
}

/** Message of an error and of what caused it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
