/**
 * Resolves at the first SIGINT, SIGTERM, or when the parent process is gone (npm's SIGTERM reaches only the shell
 * between). A second signal ends the process at once.
 */
export function untilStopped(): Promise<string> {
  const parent = process.ppid
  return new Promise((resolve) => {
    let stopping = false
    const stop = (reason: string) => {
      if (stopping && reason !== 'parent gone') process.exit(130)
      stopping = true
      clearInterval(watch)
      resolve(reason)
    }
    const watch = setInterval(() => {
      if (process.ppid !== parent) stop('parent gone')
    }, 250)
    process.on('SIGINT', () => stop('SIGINT'))
    process.on('SIGTERM', () => stop('SIGTERM'))
  })
}

/** What was started, to be stopped in the reverse order. */
export class Running {
  private readonly parts: { name: string; close: () => Promise<void> }[] = []

  add(name: string, close: () => Promise<void>): void {
    this.parts.push({ name, close })
  }

  /** Stops everything, also when one part fails to; the first failure is thrown at the end. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (const part of this.parts.splice(0).reverse()) {
      try {
        await part.close()
      } catch (error) {
        failures.push(new Error(`stopping ${part.name} failed`, { cause: error }))
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
